import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { Download, DownloadState } from '../../../src/shared/models/downloads.ts'
import { findNodeBinary } from '../../../src/studio/paths.ts'
import type { Studio, StudioOptions } from '../../../src/studio/studio.ts'
import { startModelSites, type ModelSites } from '../fixtures/modelSites.ts'
import { openTestStudio, temporaryFolder } from '../fixtures/testStudio.ts'

const mebi = 2 ** 20
const file = 'model.safetensors'

interface Setting {
  sites: ModelSites
  studio: Studio
  data: string
  models: string
  open(options?: Partial<StudioOptions['downloads']>): Promise<Studio>
}

async function set(options: Partial<StudioOptions['downloads']> = {}): Promise<Setting> {
  const sites = await startModelSites()
  onTestFinished(() => sites.close())
  const data = temporaryFolder()
  const { huggingface, civitai } = sites
  const open = (more: Partial<StudioOptions['downloads']> = {}): Promise<Studio> =>
    openTestStudio(data, {
      downloads: {
        sites: { huggingface, civitai },
        cache: join(data, 'no cache'),
        waitsMs: [1, 1, 1],
        stallMs: 60_000,
        ...options,
        ...more,
      },
    })
  return { sites, studio: await open(), data, models: join(data, 'models'), open }
}

async function until(studio: Studio, id: string, ...states: DownloadState[]): Promise<Download> {
  const { promise, resolve } = Promise.withResolvers<Download>()
  const look = (download: Download): void => {
    if (download.id === id && states.includes(download.state)) resolve(download)
  }
  const unsubscribe = studio.subscribe({ downloadChanged: look })
  for (const download of await studio.calls.downloads()) look(download)
  return promise.finally(unsubscribe)
}

const ended = (studio: Studio, { id }: Download): Promise<Download> =>
  until(studio, id, 'done', 'paused', 'failed')

async function fetchAll(studio: Studio, link: string): Promise<Download> {
  return ended(studio, await studio.calls.startDownload({ link }))
}

const ranges = ({ asked }: ModelSites): string[] =>
  asked.flatMap(({ server, range }) => (server === 'storage' && range ? [range] : []))

test('a file comes in ranges at the same time, is checked, and is in the library without a press', async () => {
  const { sites, studio, models } = await set()
  const bytes = randomBytes(40 * mebi)
  const { sha } = sites.repository('org/one', { files: { [file]: bytes, 'README.md': Buffer.from('words') } })

  const plan = await studio.calls.planDownload({ link: 'org/one' })
  expect(plan).toMatchObject({
    revision: sha,
    licence: 'mit',
    files: [{ path: 'one.safetensors', size: bytes.length, from: 'network' }],
    totalBytes: bytes.length,
    leftOut: { count: 1 },
    needsToken: false,
    present: null,
  })
  expect(
    sites.asked.every(({ server }) => server === 'huggingface'),
    'nothing is fetched to make a plan',
  ).toBe(true)
  const shown = new Promise<string[]>((resolve) =>
    studio.subscribe({ modelsChanged: (list) => resolve(list.map(({ name }) => name)) }),
  )

  const done = await fetchAll(studio, plan.link)
  expect(done).toMatchObject({ state: 'done', doneBytes: bytes.length, error: null })
  expect(readFileSync(join(models, 'one.safetensors')).equals(bytes)).toBe(true)
  expect(ranges(sites)).toHaveLength(3)
  expect(await shown).toContain('one')
  const sidecar = JSON.parse(readFileSync(join(models, 'one.download.json'), 'utf8')) as object
  expect(sidecar).toMatchObject({ revision: sha, licence: 'mit', files: [{ sha256: sha256(bytes) }] })
  expect(readdirSync(models).sort()).toEqual(['one.download.json', 'one.safetensors'])
})

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

test('R25: a connection that is cut goes on where it was, and no byte comes twice', async () => {
  const { sites, studio, models } = await set()
  const bytes = randomBytes(3 * mebi)
  sites.repository('org/cut', { files: { [file]: bytes } })
  sites.storing.cuts = { after: mebi, times: 2 }

  expect(await fetchAll(studio, 'org/cut')).toMatchObject({ state: 'done' })
  expect(readFileSync(join(models, 'cut.safetensors')).equals(bytes)).toBe(true)
  expect(ranges(sites)).toHaveLength(3)
  expect(ranges(sites)[0]).toBe(`bytes=0-${bytes.length - 1}`)
  for (const range of ranges(sites).slice(1)) expect(range).not.toMatch(/^bytes=0-/)
})

test('a server that stays away pauses the download with the reason, and it can go on', async () => {
  const { sites, studio } = await set()
  sites.repository('org/away', { files: { [file]: randomBytes(1000) } })
  sites.storing.statuses = [503, 503, 503, 503]
  const paused = await fetchAll(studio, 'org/away')
  expect(paused).toMatchObject({ state: 'paused', error: { code: 'unreachable' } })
  expect(paused.error!.message).toContain('503')
  await studio.calls.resumeDownload(paused.id)
  expect(await until(studio, paused.id, 'done')).toMatchObject({ error: null })
})

test('an answer that brings nothing counts as cut off', async () => {
  // Longer than an answer that does bring something waits on a busy machine.
  const { sites, studio } = await set({ stallMs: 3000 })
  sites.repository('org/still', { files: { [file]: randomBytes(1000) } })
  sites.storing.stalls = 1
  expect(await fetchAll(studio, 'org/still')).toMatchObject({ state: 'done' })
  expect(ranges(sites)).toHaveLength(2)
})

test('a server that ignores ranges is read from the beginning, and that is told', async () => {
  const { sites, studio, models } = await set()
  const bytes = randomBytes(20 * mebi)
  sites.repository('org/whole', { files: { [file]: bytes } })
  sites.storing.ignoresRanges = true
  sites.storing.cuts = { after: 5 * mebi, times: 1 }
  expect(await fetchAll(studio, 'org/whole')).toMatchObject({ state: 'done', startedOver: true })
  expect(readFileSync(join(models, 'whole.safetensors')).equals(bytes)).toBe(true)
})

const refused: [what: string, misbehave: (sites: ModelSites) => void][] = [
  ['other bytes', ({ storing }) => (storing.sends = (bytes) => Buffer.from(bytes).fill(7, 100, 200))],
  ['more bytes than promised', ({ storing }) => (storing.sends = (bytes) => Buffer.concat([bytes, bytes]))],
  ['fewer bytes than promised', ({ storing }) => (storing.sends = (bytes) => bytes.subarray(0, 1000))],
  [
    'more bytes, without ranges',
    ({ storing }) => {
      storing.ignoresRanges = true
      storing.sends = (bytes) => Buffer.concat([bytes, bytes])
    },
  ],
]

for (const [what, misbehave] of refused)
  test(`R26: ${what} are refused, deleted and told, and never get the name`, async () => {
    const { sites, studio, models } = await set()
    sites.repository('org/wrong', { files: { [file]: randomBytes(5000) } })
    misbehave(sites)
    const failed = await fetchAll(studio, 'org/wrong')
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'bad-download' } })
    const left = readdirSync(models, { recursive: true }).filter((name) =>
      String(name).includes('safetensors'),
    )
    expect(left).toEqual([])

    sites.storing.sends = null
    await studio.calls.resumeDownload(failed.id)
    await until(studio, failed.id, 'done')
  })

test('R26: a listing that lies about the size is found out before the file is there', async () => {
  const { sites, studio } = await set()
  const toldSizes = { [file]: 1000 }
  sites.repository('org/lies', { files: { [file]: randomBytes(5000) }, toldSizes })
  const failed = await fetchAll(studio, 'org/lies')
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'bad-download' } })
  expect(failed.error!.message).toMatch(/5000.*1000/)
})

test('a link that ends is asked for anew, and the file goes on', async () => {
  const { sites, studio, models } = await set()
  const bytes = randomBytes(100 * mebi)
  sites.repository('org/signed', { files: { [file]: bytes } })
  sites.storing.linkUses = 2
  expect(await fetchAll(studio, 'org/signed')).toMatchObject({ state: 'done' })
  expect(readFileSync(join(models, 'signed.safetensors')).equals(bytes)).toBe(true)
})

test('R27: the token goes to the site alone, and stands in no message, event, file or setting', async () => {
  const { sites, studio, data } = await set()
  const token = 'hf_thisIsTheSecret'
  sites.repository('org/gated', { files: { [file]: randomBytes(5000) }, token, gated: true })
  const heard: unknown[] = []
  studio.subscribe({
    downloadChanged: (download) => heard.push(download),
    notice: (notice) => heard.push(notice),
  })

  expect(await studio.calls.planDownload({ link: 'org/gated' })).toMatchObject({ needsToken: true })
  const paused = await fetchAll(studio, 'org/gated')
  expect(paused).toMatchObject({ state: 'paused', error: { code: 'login-needed' } })

  heard.push(await studio.calls.setDownloadToken({ site: 'huggingface', token: 'hf_anotherOne' }))
  await studio.calls.resumeDownload(paused.id)
  const still = await ended(studio, paused)
  expect(still.error!.message).toContain('refuses the token')

  const tokens = await studio.calls.setDownloadToken({ site: 'huggingface', token })
  expect(tokens).toEqual({ places: { huggingface: 'session', civitai: null }, areKept: false })
  expect(await studio.calls.planDownload({ link: 'org/gated' })).toMatchObject({ needsToken: false })
  await studio.calls.resumeDownload(paused.id)
  await until(studio, paused.id, 'done')

  const tokenSeen = sites.asked.filter(({ authorization }) => authorization === `Bearer ${token}`)
  expect(new Set(tokenSeen.map(({ server }) => server))).toEqual(new Set(['huggingface']))
  expect(sites.asked.some(({ server }) => server === 'storage')).toBe(true)
  heard.push(await studio.calls.settings(), await studio.calls.status(), await studio.calls.downloads())
  expect(JSON.stringify(heard)).not.toMatch(/thisIsTheSecret|anotherOne|X-Amz/)
  const files = readdirSync(data, { recursive: true }).map((name) => join(data, String(name)))
  for (const path of files.filter((path) => statSync(path).isFile()))
    expect(readFileSync(path).includes('thisIsTheSecret'), path).toBe(false)

  const bad = studio.calls.setDownloadToken({ site: 'huggingface', token: 'two words' })
  await expect(bad).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.not.stringContaining('two'),
  })
})

test('a redirect to a host that is none of theirs is not followed', async () => {
  const { sites, studio } = await set()
  sites.repository('org/elsewhere', { files: { [file]: randomBytes(100) } })
  sites.storing.redirectsTo = 'http://models.example.com/file'
  expect(await fetchAll(studio, 'org/elsewhere')).toMatchObject({
    state: 'paused',
    error: { code: 'forbidden', message: expect.stringContaining('http://models.example.com') as string },
  })
})

test('R28: a download is paused, is there after a restart, goes on, and is taken away with all it fetched', async () => {
  const { sites, studio, models, open } = await set()
  const bytes = randomBytes(4 * mebi)
  sites.repository('org/slow', { files: { [file]: bytes } })
  sites.storing.pace = { bytes: 64 * 1024, pauseMs: 10 }
  const { id } = await studio.calls.startDownload({ link: 'org/slow' })
  await untilBytes(studio, id, mebi)
  await studio.calls.pauseDownload(id)
  const [paused] = await studio.calls.downloads()
  expect(paused).toMatchObject({ state: 'paused', error: null })
  expect(await studio.calls.models()).not.toContainEqual(expect.objectContaining({ name: 'slow' }))
  await studio.close()

  const next = await open()
  expect(await next.calls.downloads()).toMatchObject([{ id, state: 'paused', doneBytes: paused.doneBytes }])
  sites.storing.pace = null
  const before = ranges(sites).length
  await next.calls.resumeDownload(id)
  await until(next, id, 'done')
  expect(ranges(sites).slice(before)).toEqual([`bytes=${paused.doneBytes}-${bytes.length - 1}`])
  expect(readFileSync(join(models, 'slow.safetensors')).equals(bytes)).toBe(true)
  await next.calls.removeDownload(id)
  expect(await next.calls.downloads()).toEqual([])
  expect(existsSync(join(models, 'slow.safetensors')), 'a finished one stays').toBe(true)

  sites.repository('org/other', { files: { [file]: randomBytes(4 * mebi) } })
  sites.storing.pace = { bytes: 64 * 1024, pauseMs: 10 }
  const other = await next.calls.startDownload({ link: 'org/other' })
  await untilBytes(next, other.id, mebi)
  await next.calls.removeDownload(other.id)
  expect(readdirSync(models).filter((name) => name.startsWith('.'))).toEqual([])
})

test('R28: who asks for the same download several times at once has it in the list once', async () => {
  const { sites, studio, models } = await set()
  sites.repository('org/one', { files: { [file]: randomBytes(mebi) } })
  const asked = await Promise.all([1, 2, 3].map(() => studio.calls.startDownload({ link: 'org/one' })))
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
  await ended(studio, asked[0])
  expect(await studio.calls.downloads()).toMatchObject([{ state: 'done' }])
  expect(readdirSync(models).sort()).toEqual(['one.download.json', 'one.safetensors'])
})

async function untilBytes(studio: Studio, id: string, bytes: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const unsubscribe = studio.subscribe({
    downloadChanged: (download) => download.id === id && download.doneBytes >= bytes && resolve(),
  })
  await promise.finally(unsubscribe)
}

test('R28: a studio that is killed in the middle loses at most a moment of what it fetched', async () => {
  const { sites, data, models, studio, open } = await set()
  await studio.close()
  const bytes = randomBytes(12 * mebi)
  sites.repository('org/killed', { files: { [file]: bytes } })
  sites.storing.pace = { bytes: 128 * 1024, pauseMs: 40 }
  const program = fileURLToPath(new URL('../fixtures/downloadProcess.ts', import.meta.url))
  const child = spawn(findNodeBinary(), [program, data, sites.huggingface, 'org/killed'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve) =>
    child.on('message', ({ doneBytes }: Download) => doneBytes > 7 * mebi && resolve()),
  )
  child.kill('SIGKILL')
  await once(child, 'exit')
  sites.storing.pace = null
  const before = ranges(sites).length

  const next = await open()
  const [{ id, state, doneBytes }] = await next.calls.downloads()
  expect(state).toBe('paused')
  expect(doneBytes).toBeGreaterThan(0)
  expect(ranges(sites)).toHaveLength(before)
  await next.calls.resumeDownload(id)
  await until(next, id, 'done')
  const [, from] = /^bytes=(\d+)-/.exec(ranges(sites)[before])!
  expect(Number(from)).toBeGreaterThan(mebi)
  expect(readFileSync(join(models, 'killed.safetensors')).equals(bytes)).toBe(true)
})

test('a disk without room is told before anything is fetched', async () => {
  const { sites, studio, open } = await set({ freeBytes: async () => 100 * mebi })
  sites.repository('org/large', { files: { [file]: randomBytes(2000) } })
  const paused = await fetchAll(studio, 'org/large')
  expect(paused).toMatchObject({ state: 'paused', error: { code: 'disk-full' } })
  expect(sites.asked.some(({ server }) => server === 'storage')).toBe(false)
  await studio.close()
  const next = await open({ freeBytes: async () => 1000 * mebi })
  await next.calls.resumeDownload(paused.id)
  await until(next, paused.id, 'done')
})

test('of a diffusers repository come the parts that the engine reads, once, in half precision, and no pickles', async () => {
  const { sites, studio, models } = await set()
  const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
  const files: Record<string, Buffer> = {
    'model_index.json': text({
      _class_name: 'StableDiffusionPipeline',
      unet: ['diffusers', 'UNet2DConditionModel'],
      vae: ['diffusers', 'AutoencoderKL'],
      text_encoder: ['transformers', 'CLIPTextModel'],
      tokenizer: ['transformers', 'CLIPTokenizer'],
      scheduler: ['diffusers', 'PNDMScheduler'],
      safety_checker: ['stable_diffusion', 'StableDiffusionSafetyChecker'],
    }),
    'v1-5-pruned.safetensors': randomBytes(900),
    'v1-5-pruned.ckpt': randomBytes(900),
    'unet/config.json': text({}),
    'unet/diffusion_pytorch_model.safetensors': randomBytes(800),
    'unet/diffusion_pytorch_model.fp16.safetensors': randomBytes(400),
    'unet/diffusion_pytorch_model.non_ema.safetensors': randomBytes(800),
    'unet/diffusion_pytorch_model.bin': randomBytes(800),
    'vae/config.json': text({ a: 1 }),
    'vae/diffusion_pytorch_model.safetensors': randomBytes(300),
    'text_encoder/config.json': text({ b: 1 }),
    'text_encoder/model.fp16.safetensors': randomBytes(200),
    'tokenizer/vocab.json': text({ c: 1 }),
    'tokenizer/merges.txt': Buffer.from('merges'),
    'scheduler/scheduler_config.json': text({ d: 1 }),
    'safety_checker/model.safetensors': randomBytes(900),
  }
  const { sha } = sites.repository('org/pipe', { files })
  const plan = await studio.calls.planDownload({ link: `${sites.huggingface}/org/pipe` })
  const wanted = [
    'model_index.json',
    'scheduler/scheduler_config.json',
    'text_encoder/config.json',
    'text_encoder/model.fp16.safetensors',
    'tokenizer/merges.txt',
    'tokenizer/vocab.json',
    'unet/config.json',
    'unet/diffusion_pytorch_model.fp16.safetensors',
    'vae/config.json',
    'vae/diffusion_pytorch_model.safetensors',
  ]
  expect(plan.files.map(({ path }) => path).sort()).toEqual(wanted)
  expect(plan.target).toBe(join(models, 'pipe'))
  expect(await fetchAll(studio, plan.link)).toMatchObject({ state: 'done' })
  for (const path of wanted)
    expect(readFileSync(join(models, 'pipe', path)).equals(files[path]), path).toBe(true)
  expect((await studio.calls.models()).map(({ name }) => name)).toContain('pipe')

  const again = await studio.calls.planDownload({ link: 'org/pipe' })
  expect(again.present).toBe(join(models, 'pipe'))
  sites.repository('org/pipe', { files, sha: sha.replace(/./g, 'a') })
  expect(await studio.calls.planDownload({ link: 'org/pipe' })).toMatchObject({
    present: null,
    target: join(models, 'pipe-aaaaaaaa'),
  })
})

test('what lies in the cache of huggingface_hub is not fetched, and is left as it is', async () => {
  const cache = temporaryFolder()
  const { sites, studio, models } = await set({ cache })
  const bytes = randomBytes(9000)
  sites.repository('org/cached', { files: { [file]: bytes } })
  // Under another repository's name: runwayml's moved, and the bytes are the same.
  const blobs = join(cache, 'models--elsewhere--cached', 'blobs')
  mkdirSync(blobs, { recursive: true })
  const blob = join(blobs, sha256(bytes))
  writeFileSync(blob, bytes)

  const plan = await studio.calls.planDownload({ link: 'org/cached' })
  expect(plan).toMatchObject({
    networkBytes: 0,
    totalBytes: 9000,
    neededBytes: 0,
    files: [{ from: 'cache' }],
  })
  expect(await fetchAll(studio, plan.link)).toMatchObject({ state: 'done' })
  expect(sites.asked.some(({ server }) => server === 'storage')).toBe(false)
  expect(readFileSync(join(models, 'cached.safetensors')).equals(bytes)).toBe(true)
  expect(readFileSync(blob).equals(bytes)).toBe(true)

  sites.repository('org/rotten', { files: { [file]: randomBytes(9000) } })
  const { [file]: rotten } = sites.repository('org/rotten', { files: { [file]: randomBytes(9000) } }).files
  writeFileSync(join(blobs, sha256(rotten)), Buffer.alloc(9000))
  expect(await fetchAll(studio, 'org/rotten')).toMatchObject({ state: 'done' })
  expect(readFileSync(join(models, 'rotten.safetensors')).equals(rotten), 'a rotten blob is not used').toBe(
    true,
  )
})

test('a file that is in a model folder already, under whatever name, is found by its hash', async () => {
  const { sites, studio } = await set()
  const folder = temporaryFolder()
  const bytes = randomBytes(7000)
  writeFileSync(join(folder, 'my name for it.safetensors'), bytes)
  await studio.calls.changeSettings({ modelFolders: [folder] })
  sites.version({
    id: 7,
    modelId: 3,
    token: null,
    files: [{ id: 1, name: 'a.safetensors', bytes, primary: true }],
  })
  const plan = await studio.calls.planDownload({ link: 'https://civitai.com/models/3?modelVersionId=7' })
  expect(plan.present).toBe(join(folder, 'my name for it.safetensors'))
  await expect(studio.calls.startDownload({ link: plan.link })).rejects.toMatchObject({ code: 'bad-request' })
})

test('Civitai: the file of a version comes with its token, is checked, and its page is kept beside it', async () => {
  const { sites, studio, models } = await set()
  const bytes = randomBytes(123_457)
  const other = randomBytes(5000)
  const files = [
    { id: 10, name: 'first.ckpt', bytes: other },
    { id: 11, name: '../first.safetensors', bytes, primary: true },
    { id: 12, name: 'second.safetensors', bytes: other },
  ]
  sites.version({ id: 70, modelId: 30, token: 'key', files })
  const link = `${sites.civitai}/models/30/a-name?token=leaked`
  const plan = await studio.calls.planDownload({ link })
  expect(plan).toMatchObject({
    site: 'civitai',
    title: 'A model · v1.0',
    revision: '70',
    link: 'https://civitai.com/models/30?modelVersionId=70&fileId=11',
    licence: 'as SD 1.5; commercial use: Image; credit the author',
    needsToken: true,
    files: [{ path: '_first.safetensors', from: 'network' }],
    choices: [{ name: 'second.safetensors' }],
  })
  const paused = await fetchAll(studio, plan.link)
  expect(paused).toMatchObject({ state: 'paused', error: { code: 'login-needed' } })
  await studio.calls.setDownloadToken({ site: 'civitai', token: 'key' })
  await studio.calls.resumeDownload(paused.id)
  await until(studio, paused.id, 'done')
  expect(readFileSync(join(models, '_first.safetensors')).equals(bytes)).toBe(true)
  expect(JSON.parse(readFileSync(join(models, '_first.civitai.info'), 'utf8'))).toMatchObject({
    trainedWords: ['trigger'],
  })
  const authorized = sites.asked.filter(({ authorization }) => authorization !== null)
  expect(new Set(authorized.map(({ server }) => server))).toEqual(new Set(['civitai']))

  expect(await fetchAll(studio, plan.choices[0].link)).toMatchObject({ state: 'done' })
  expect(readFileSync(join(models, 'second.safetensors')).equals(other)).toBe(true)
})

test('bad links, pickles and models of other families are refused with what to do', async () => {
  const { sites, studio } = await set()
  const files = {
    'a.ckpt': randomBytes(10),
    'sub/b.safetensors': randomBytes(10),
    'c.safetensors': randomBytes(10),
  }
  sites.repository('org/many', { files: { ...files, 'd.safetensors': randomBytes(10) } })
  sites.repository('org/pickles', { files: { 'a.ckpt': randomBytes(10) } })
  const index = Buffer.from(
    JSON.stringify({ _class_name: 'FluxPipeline', transformer: ['diffusers', 'Flux'] }),
  )
  sites.repository('org/flux', { files: { 'model_index.json': index } })
  sites.version({ id: 1, modelId: 1, token: null, files: [{ id: 1, name: 'a.pt', bytes: randomBytes(10) }] })
  const unscanned = [{ id: 1, name: 'a.safetensors', bytes: randomBytes(10), sha256: null }]
  sites.version({ id: 2, modelId: 1, token: null, files: unscanned })
  const codes: [link: string, code: string][] = [
    ['hello there', 'bad-request'],
    ['https://example.com/org/name', 'bad-request'],
    [`${sites.huggingface}/datasets/org/many`, 'bad-request'],
    ['org/nowhere', 'login-needed'],
    ['org/pickles', 'pickle-refused'],
    [`${sites.huggingface}/org/many/blob/main/a.ckpt`, 'pickle-refused'],
    [`${sites.huggingface}/org/many/blob/main/none.safetensors`, 'not-found'],
    ['org/flux', 'unsupported-model'],
    ['civitai:1@1', 'pickle-refused'],
    ['civitai:1@2', 'bad-download'],
    ['civitai:1@9', 'not-found'],
  ]
  for (const [link, code] of codes)
    await expect(studio.calls.planDownload({ link }), link).rejects.toMatchObject({ code })
  const open = await studio.calls.planDownload({ link: 'org/many' })
  expect(open.files).toEqual([])
  expect(open.choices.map(({ name }) => name)).toEqual([
    'sub/b.safetensors',
    'c.safetensors',
    'd.safetensors',
  ])
  await expect(studio.calls.startDownload({ link: 'org/many' })).rejects.toMatchObject({
    code: 'bad-request',
  })
  expect(await fetchAll(studio, open.choices[0].link)).toMatchObject({ state: 'done' })
})

test('a folder that was chosen becomes a model folder', async () => {
  const { sites, studio } = await set()
  const folder = join(temporaryFolder(), 'mine')
  sites.repository('org/there', { files: { [file]: randomBytes(100) } })
  await ended(studio, await studio.calls.startDownload({ link: 'org/there', folder }))
  await expect.poll(async () => (await studio.calls.models()).map(({ name }) => name)).toContain('there')
  expect((await studio.calls.settings()).modelFolders).toEqual([folder])
})
