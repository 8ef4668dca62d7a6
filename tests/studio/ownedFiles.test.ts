import { mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseFile from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { OwnedFile } from '../../src/shared/models/ownedFile.ts'
import { findOwned } from '../../src/studio/models/owned/findOwned.ts'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio, StudioOptions } from '../../src/studio/studio.ts'
import { safetensorsBytes, type TestTensor } from '../engine/model/safetensorsFile.ts'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

const half = (...shape: number[]): TestTensor => ({ dtype: 'F16', shape })

/** The smallest files that are known as what they are, each with numbers of its own. */
const bytesOf = {
  lora: (seed: number, metadata?: Record<string, string>) =>
    safetensorsBytes(
      {
        'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight': {
          ...half(1, 768),
          bytes: new Uint8Array(1536).fill(seed),
        },
        'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight': half(8, 1),
      },
      metadata,
    ),
  embedding: () => safetensorsBytes({ emb_params: half(2, 768) }),
  vae: () => safetensorsBytes({ 'decoder.mid.block_1.conv1.weight': half(4, 4, 3, 3) }),
  controlnet: () => safetensorsBytes({ 'control_model.input_hint_block.0.weight': half(4, 3, 3, 3) }),
  t2i: () => safetensorsBytes({ 'body.0.block1.weight': half(4, 4, 3, 3) }),
  upscaler: () => safetensorsBytes({ 'body.0.rdb1.conv1.weight': half(4, 4, 3, 3) }),
  checkpoint: () => safetensorsBytes({ 'model.diffusion_model.input_blocks.0.0.weight': half(4, 4, 3, 3) }),
}

function write(folder: string, files: Record<string, Uint8Array | string>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

async function studioWith(folders: string[], options: Partial<StudioOptions> = {}): Promise<Studio> {
  const data = write(temporaryFolder(), { 'settings.json': JSON.stringify({ modelFolders: folders }) })
  return openTestStudio(data, { enginePath: defaultEnginePath, ...options })
}

const added = async (studio: Studio): Promise<OwnedFile[]> =>
  (await studio.allFiles()).filter(({ builtIn }) => !builtIn)

const named = (files: readonly OwnedFile[], name: string): OwnedFile =>
  files.find((file) => file.name === name)!

describe('the folders of other programs', () => {
  it('are looked through where their models lie, and nowhere else', async () => {
    const root = temporaryFolder()
    const elsewhere = write(temporaryFolder(), { 'shared-loras/far.safetensors': bytesOf.lora(1) })
    const inTree = 'venv/lib/deep/weights.safetensors'
    write(join(root, 'webui'), {
      'webui.py': '',
      'modules/a.py': '',
      'models/Stable-diffusion/a1-model.safetensors': bytesOf.checkpoint(),
      'embeddings/a1-words.safetensors': bytesOf.embedding(),
      'extensions/sd-webui-controlnet/models/a1-control.safetensors': bytesOf.controlnet(),
      [inTree]: bytesOf.lora(2),
    })
    write(join(root, 'forge'), {
      'webui.py': '',
      'modules_forge/a.py': '',
      'models/VAE/forge-vae.safetensors': bytesOf.vae(),
      [inTree]: bytesOf.lora(3),
    })
    write(join(root, 'comfy'), {
      'custom_nodes/a.py': '',
      'models/loras/comfy-lora.safetensors': bytesOf.lora(4),
      'extra_model_paths.yaml': `a1111:\n    base_path: ${elsewhere}\n    loras: |\n        shared-loras\n        missing\n    custom_nodes: nodes\n`,
    })
    write(join(root, 'invoke'), {
      'invokeai.yaml': 'schema_version: 4.0.2\nmodels_dir: my-models\n',
      'my-models/0c1f/diffusion_pytorch_model.safetensors': bytesOf.t2i(),
      [inTree]: bytesOf.lora(5),
    })
    write(join(root, 'swarm'), {
      'SwarmUI.sln': '',
      'Data/Settings.fds': 'Paths:\n\tModelRoot: Models;Other\n',
      'Models/Lora/swarm-lora.safetensors': bytesOf.lora(6),
      'Other/upscale_models/swarm-up.safetensors': bytesOf.upscaler(),
    })
    write(join(root, 'matrix'), {
      'Data/Models/Lora/matrix-lora.safetensors': bytesOf.lora(7),
      'Data/Packages/x/venv/y.safetensors': bytesOf.lora(8),
    })
    write(join(root, 'hub'), {
      'models--owner--painter/snapshots/0123/pytorch_lora_weights.safetensors': bytesOf.lora(9),
      'models--owner--language/snapshots/0123/model.safetensors': safetensorsBytes({
        'text_model.a': half(1),
      }),
    })
    const folders = ['webui', 'forge', 'comfy', 'invoke', 'swarm', 'matrix', 'hub'].map((name) =>
      join(root, name),
    )
    const files = await added(await studioWith(folders))
    expect(files.map(({ name, kind, tool }) => [name, kind, tool]).sort()).toEqual([
      ['0c1f', 't2i-adapter', 'InvokeAI'],
      ['a1-control', 'controlnet', 'AUTOMATIC1111'],
      ['a1-model', 'checkpoint', 'AUTOMATIC1111'],
      ['a1-words', 'embedding', 'AUTOMATIC1111'],
      ['comfy-lora', 'lora', 'ComfyUI'],
      ['far', 'lora', 'ComfyUI'],
      ['forge-vae', 'vae', 'Forge'],
      ['matrix-lora', 'lora', 'StabilityMatrix'],
      ['painter', 'lora', 'Hugging Face'],
      ['swarm-lora', 'lora', 'SwarmUI'],
      ['swarm-up', 'upscaler', 'SwarmUI'],
    ])
    expect(files.filter(({ misplaced }) => misplaced)).toEqual([])
  })

  it('are told of files that lie in the folder for another kind, and of those that are not opened', async () => {
    const folder = write(temporaryFolder(), {
      'webui.py': '',
      'modules/a.py': '',
      'models/Stable-diffusion/style.safetensors': bytesOf.lora(1),
      'models/Lora/decoder.safetensors': bytesOf.vae(),
      'models/Lora/old.pt': 'pickle',
      'models/Lora/cut.safetensors': bytesOf.lora(2).subarray(0, 60),
    })
    const files = await added(await studioWith([folder]))
    expect(named(files, 'style')).toMatchObject({
      kind: 'lora',
      family: 'sd1',
      misplaced: { expected: 'checkpoint', home: 'models/Lora' },
    })
    expect(named(files, 'decoder').misplaced).toEqual({ expected: 'lora', home: 'models/VAE' })
    expect(named(files, 'old')).toMatchObject({
      kind: 'lora',
      problem: { code: 'pickle-refused' },
      misplaced: null,
    })
    expect(named(files, 'cut').problem?.code).toBe('bad-checkpoint')
  })

  it('say what a list of folders has that cannot be read', async () => {
    const folder = write(temporaryFolder(), {
      'custom_nodes/a.py': '',
      'models/loras/one.safetensors': bytesOf.lora(1),
      'extra_model_paths.yaml': 'a: [unclosed',
    })
    const studio = await studioWith([folder])
    expect((await added(studio)).map(({ name }) => name)).toEqual(['one'])
    const { notices } = await studio.calls.status()
    expect(notices.map(({ message }) => message).join()).toContain('extra_model_paths.yaml')
  })
})

describe('what is known of a file', () => {
  it('comes from its header and from what other programs keep beside it', async () => {
    const folder = write(temporaryFolder(), {
      'plain.safetensors': bytesOf.lora(1, {
        'modelspec.title': 'Plain Style',
        'modelspec.trigger_phrase': 'plain, simple',
        ss_tag_frequency: JSON.stringify({ set: { tree: 3, sky: 9 } }),
      }),
      'a1111.safetensors': bytesOf.lora(2),
      'a1111.json': JSON.stringify({
        'activation text': 'ink, wash',
        'preferred weight': 0.7,
        notes: 'good',
      }),
      'a1111.civitai.info': JSON.stringify({
        trainedWords: ['other'],
        baseModel: 'Pony',
        model: { name: 'Inks' },
      }),
      'matrix.safetensors': bytesOf.lora(3),
      'matrix.cm-info.json': JSON.stringify({
        ModelName: 'Matrix Style',
        ModelDescription: '<p>One.</p><p>A &amp; B</p>',
        TrainedWords: ['mx'],
        BaseModel: 'SDXL 1.0',
      }),
      'bad.safetensors': bytesOf.lora(4),
      'bad.json': '{ no json',
      'bad.txt': 'Written by hand.',
    })
    const studio = await studioWith([folder])
    const files = await added(studio)
    const details = (name: string) => studio.calls.file(named(files, name).id)
    expect(named(files, 'plain')).toMatchObject({ title: 'Plain Style', triggerWords: ['plain', 'simple'] })
    expect((await details('plain')).tags).toEqual(['sky', 'tree'])
    expect(named(files, 'a1111')).toMatchObject({
      title: 'Inks',
      baseModel: 'Pony',
      triggerWords: ['ink', 'wash'],
    })
    expect(await details('a1111')).toMatchObject({ strength: 0.7, theirNotes: 'good' })
    expect(named(files, 'matrix')).toMatchObject({ title: 'Matrix Style', triggerWords: ['mx'] })
    expect((await details('matrix')).description).toBe('One.\nA & B')
    expect((await details('bad')).description).toBe('Written by hand.')
  })

  it('is kept: files that have not changed are not opened again', async () => {
    const folder = write(temporaryFolder(), { 'one.safetensors': bytesOf.lora(1) })
    const data = write(temporaryFolder(), { 'settings.json': JSON.stringify({ modelFolders: [folder] }) })
    const first = await openTestStudio(data, { enginePath: defaultEnginePath })
    expect(named(await added(first), 'one').kind).toBe('lora')
    await first.close()
    const second = await openTestStudio(data, { enginePath: '/no/engine/here.js' })
    expect(named(await added(second), 'one').kind).toBe('lora')
  })

  it('is found by name without case, by the last folders of its path, and by hash', async () => {
    const folder = write(temporaryFolder(), {
      'a/Style.safetensors': bytesOf.lora(1),
      'b/Style.safetensors': bytesOf.lora(2),
      'Other.safetensors': bytesOf.lora(3),
    })
    const files = await added(await studioWith([folder]))
    expect(findOwned(files, 'lora', 'other').name).toBe('Other')
    expect(findOwned(files, 'lora', 'B\\style').below).toBe('b/Style.safetensors')
    expect(() => findOwned(files, 'lora', 'style')).toThrow(/Several files/)
    expect(() => findOwned(files, 'lora', 'othre')).toThrow(/nearest are Other/)
    const hash = 'ab'.repeat(32)
    const hashed = files.map((file) => (file.name === 'Other' ? { ...file, hash } : file))
    expect(findOwned(hashed, 'lora', hash.slice(0, 10)).name).toBe('Other')
  })
})

describe('R29: what a person keeps of a file', () => {
  it('follows it by its hash to another name and folder, and leaves the file and its folder as they were', async () => {
    const folder = write(temporaryFolder(), {
      'one.safetensors': bytesOf.lora(1),
      'two.safetensors': bytesOf.lora(2),
    })
    const studio = await studioWith([folder], { followFolders: true })
    const { id } = named(await added(studio), 'one')
    await studio.calls.changeFile(id, { notes: 'soft edges', favourite: true })
    await expect.poll(async () => named(await studio.calls.files(), 'one')?.hash).toMatch(/^[0-9a-f]{64}$/)
    mkdirSync(join(folder, 'moved'))
    renameSync(join(folder, 'one.safetensors'), join(folder, 'moved', 'renamed.safetensors'))
    writeFileSync(join(folder, 'one.safetensors'), bytesOf.lora(3))
    await expect
      .poll(async () => named(await studio.calls.files(), 'renamed'))
      .toMatchObject({ notes: 'soft edges', favourite: true })
    await expect
      .poll(async () => named(await studio.calls.files(), 'one'))
      .toMatchObject({ notes: '', favourite: false })
  })

  it('is what a model starts with where a request leaves it open', async () => {
    const studio = await openTestStudio()
    const { id } = named(await studio.allFiles(), 'starter')
    await studio.calls.changeFile(id, { defaults: { steps: 7, width: 192, clipSkip: 2, sampler: 'Euler' } })
    const left = await studio.calls.enqueue({ model: 'starter' })
    expect(left.request).toMatchObject({ steps: 7, width: 192, clipSkip: 2, sampler: 'Euler' })
    const asked = await studio.calls.enqueue({ model: 'starter', steps: 3, clipSkip: null })
    expect(asked.request).toMatchObject({ steps: 3, clipSkip: null, sampler: 'Euler' })
    await expect(studio.calls.changeFile(id, { defaults: { width: 1024 } })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('width') as string,
    })
    await studio.calls.changeFile(id, { defaults: {} })
    expect((await studio.calls.enqueue({ model: 'starter' })).request.steps).not.toBe(7)
  })

  it('comes back with a database that is rebuilt', async () => {
    const data = temporaryFolder()
    const first = await openTestStudio(data)
    const { id } = named(await first.allFiles(), 'starter')
    await first.calls.changeFile(id, { notes: 'mine' })
    await first.close()
    writeFileSync(join(data, 'studio-damaged.txt'), 'by a test\n')
    const second = await openTestStudio(data)
    expect(named(await second.allFiles(), 'starter').notes).toBe('mine')
  })
})

describe('R13: what the database says of a file, where it cannot be read', () => {
  it('is found out again, or costs that alone and is said once', async () => {
    const unreadable = { one: '{broken', two: 'null', three: '7', four: '' }
    const names = Object.keys(unreadable)
    const folder = write(
      temporaryFolder(),
      Object.fromEntries(names.map((name, index) => [`${name}.safetensors`, bytesOf.lora(index)])),
    )
    const data = write(temporaryFolder(), { 'settings.json': JSON.stringify({ modelFolders: [folder] }) })
    const options = { enginePath: defaultEnginePath, followFolders: true }
    const before = await openTestStudio(data, options)
    const ofLoras = async ({ calls }: Studio) => {
      const files = await calls.files()
      return names.map((name) => named(files, name))
    }
    const areHashed = async (studio: Studio) =>
      (await ofLoras(studio)).every((file) => /^[0-9a-f]{64}$/.test(file?.hash ?? ''))
    for (const { id } of await added(before))
      await before.calls.changeFile(id, { notes: 'mine', defaults: { steps: 7 } })
    await expect.poll(() => areHashed(before)).toBe(true)
    await before.close()
    const database = new DatabaseFile(join(data, 'studio.db'))
    for (const [name, text] of Object.entries(unreadable)) {
      const path = join(folder, `${name}.safetensors`)
      database.prepare('UPDATE keptFiles SET defaults = ? WHERE path = ?').run(text, path)
      database.prepare('UPDATE fileExaminations SET examination = ? WHERE path = ?').run(text, path)
      database.prepare('UPDATE fileHashes SET sha256 = ? WHERE path = ?').run(text, path)
    }
    database.close()

    const after = await openTestStudio(data, options)
    for (const { id, name } of await added(after)) {
      expect(named(await after.calls.files(), name)).toMatchObject({ kind: 'lora', defaults: {} })
      expect((await after.calls.changeFile(id, { defaults: { steps: 9 } })).defaults).toEqual({ steps: 9 })
    }
    expect((await after.calls.models()).filter(({ problem }) => problem !== null)).toEqual([])
    await expect.poll(() => areHashed(after)).toBe(true)
    expect((await ofLoras(after)).map(({ notes }) => notes)).toEqual(names.map(() => 'mine'))
    const { notices } = await after.calls.status()
    for (const name of names)
      expect(notices.filter(({ message }) => message.includes(`${name}.safetensors`))).toHaveLength(1)
  })
})

describe('a model folder that is followed', () => {
  it('shows what comes and goes without being asked', async () => {
    const folder = write(temporaryFolder(), { 'one.safetensors': bytesOf.lora(1) })
    const studio = await studioWith([folder], { followFolders: true })
    const names = async (): Promise<string[]> =>
      (await studio.calls.files()).filter(({ builtIn }) => !builtIn).map(({ name }) => name)
    await expect.poll(names).toEqual(['one'])
    write(folder, { 'two.safetensors': bytesOf.lora(2) })
    await expect.poll(names).toEqual(['one', 'two'])
    rmSync(join(folder, 'one.safetensors'))
    await expect.poll(names).toEqual(['two'])
    rmSync(folder, { recursive: true })
    await expect.poll(names).toEqual([])
  })

  it('may hold two thousand files', { timeout: 600_000 }, async () => {
    const files = Array.from({ length: 2000 }, (_, index) => [
      `set${index % 20}/file-${index}.safetensors`,
      bytesOf.lora(index % 250),
    ])
    const folder = write(temporaryFolder(), Object.fromEntries(files) as Record<string, Uint8Array>)
    const studio = await studioWith([folder])
    const found = await added(studio)
    expect(found.filter(({ kind, family }) => kind === 'lora' && family === 'sd1')).toHaveLength(2000)
  })
})

describe('small pictures of models', () => {
  it('come with every model of the studio, and lie as a preview in a folder of diffusers', async () => {
    const own = (await (await studioWith([])).allFiles()).filter(({ builtIn }) => builtIn)
    expect(own.map(({ name }) => name)).toEqual(['starter', 'starter-fast', 'starter-pixels'])
    expect(own.map(({ previewUrl }) => previewUrl)).toEqual(
      own.map(() => expect.stringContaining('/model-pictures/')),
    )
  })

  it('are removed a day after their model or their picture has gone, and no others', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const folder = write(temporaryFolder(), { 'ink.safetensors': bytesOf.lora(1), 'ink.png': png })
    const data = write(temporaryFolder(), { 'settings.json': JSON.stringify({ modelFolders: [folder] }) })
    const open = () => openTestStudio(data, { enginePath: defaultEnginePath, followFolders: true })
    const kept = (): string[] => readdirSync(join(data, 'modelPictures')).sort()
    const first = await open()
    expect(
      (await first.assets(new Request(`http://x${named(await added(first), 'ink').previewUrl}`))).status,
    ).toBe(200)
    const [used] = kept()
    await first.close()
    const [old, young] = ['0', '1'].map((digit) => `${digit.repeat(32)}.webp`)
    write(join(data, 'modelPictures'), { [old]: 'x', [young]: 'x', 'mine.webp': 'x' })
    const dayBefore = new Date(Date.now() - 90_000_000)
    for (const name of [old, used, 'mine.webp'])
      utimesSync(join(data, 'modelPictures', name), dayBefore, dayBefore)
    await open()
    await expect.poll(kept).toEqual([young, used, 'mine.webp'].sort())
  })
})
