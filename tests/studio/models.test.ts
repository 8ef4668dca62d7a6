import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/studio/history/database/database.ts'
import { createModelHash } from '../../src/studio/models/files/modelHash.ts'
import { builtInModelsFolder } from '../../src/studio/paths.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

/** A folder as people have them: single files, a diffusers folder, other things. */
function modelFolder(): string {
  const folder = temporaryFolder()
  const write = (path: string, content: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  write('dream.safetensors', 'dream')
  write('sub/deep/dream.safetensors', 'another dream')
  write('old.ckpt', 'pickle')
  write('notes.txt', 'no model')
  write('.hidden/secret.safetensors', 'hidden')
  write('broken.safetensors', 'bad')
  write('folder/model_index.json', '{}')
  write('folder/unet/weights.safetensors', 'unet')
  return folder
}

describe('the model library', () => {
  it('has the models that ship, by their names', async () => {
    const studio = await openTestStudio()
    const shipped = ['starter', 'starter-fast', 'starter-pixels'].map((name) => {
      const path = join(builtInModelsFolder, name)
      return { id: name, name, builtIn: true, path, problem: null }
    })
    expect(await studio.calls.models()).toMatchObject(shipped)
  })

  it('finds single files and diffusers folders, and says what is wrong with those that cannot be opened', async () => {
    const studio = await openTestStudio()
    const told: string[][] = []
    studio.subscribe({ modelsChanged: (models) => void told.push(models.map(({ name }) => name)) })
    const folder = modelFolder()
    await studio.calls.changeSettings({ modelFolders: [folder, join(folder, 'sub')] })
    const models = await studio.calls.models()
    const names = ['starter', 'starter-fast', 'starter-pixels', 'broken', 'dream', 'dream', 'folder', 'old']
    expect(models.map(({ name }) => name)).toEqual(names)
    expect(told).toEqual([names])
    expect(new Set(models.map(({ id }) => id)).size).toBe(8)
    expect(models[3]).toMatchObject({ info: null, problem: { code: 'bad-checkpoint' } })
    await expect(studio.calls.enqueue({ model: models[3].id })).rejects.toMatchObject({
      code: 'bad-checkpoint',
    })
  })

  it('follows links to folders, and is not caught in a circle of them', async () => {
    const studio = await openTestStudio()
    const folder = temporaryFolder()
    symlinkSync(modelFolder(), join(folder, 'elsewhere'))
    symlinkSync(folder, join(folder, 'circle'))
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const models = await studio.calls.models()
    expect(models.map(({ name }) => name)).toContain('folder')
  })

  it('finds a model by id, by name or by path, and asks which when several have the name', async () => {
    const studio = await openTestStudio()
    const folder = modelFolder()
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const found = async (model: string) => (await studio.calls.enqueue({ model })).request.model
    const models = await studio.calls.models()
    const diffusers = models.find(({ name }) => name === 'folder')!
    expect(await found(diffusers.id)).toBe(diffusers.id)
    expect(await found('FOLDER')).toBe(diffusers.id)
    expect(await found('starter.safetensors')).toBe('starter')
    expect(await found(diffusers.path)).toBe(diffusers.id)
    await expect(found('dream')).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('deep') as string,
    })
    await expect(found('nightmare')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('starter') as string,
    })
  })

  it('keeps the id of a model when other models come and go', async () => {
    const studio = await openTestStudio()
    const folder = modelFolder()
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const idOf = async (name: string) =>
      (await studio.calls.models()).find((model) => model.name === name)?.id
    const before = await idOf('folder')
    renameSync(join(folder, 'dream.safetensors'), join(folder, 'a.safetensors'))
    await studio.calls.rescanModels()
    expect(await idOf('folder')).toBe(before)
    expect(await idOf('a')).toBeDefined()
  })

  it('takes a path outside of it only where that is allowed', async () => {
    const path = join(modelFolder(), 'dream.safetensors')
    const window = await openTestStudio()
    await expect(window.calls.enqueue({ model: path })).rejects.toMatchObject({ code: 'not-found' })
    const commandLine = await openTestStudio(temporaryFolder(), { allowModelPaths: true })
    const { imageIds } = await runToEnd(commandLine, { model: path })
    const image = await commandLine.calls.image(imageIds[0])
    expect(image.model).toMatchObject({
      name: 'dream',
      hash: createHash('sha256').update('dream').digest('hex').slice(0, 10),
    })
    expect(image.request.model).toBe(path)
  })

  it('fails a queued job whose model has gone, and says which', async () => {
    const studio = await openTestStudio()
    const folder = modelFolder()
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const running = await studio.calls.enqueue({ prompt: 'slow', steps: 3 })
    const { id } = await studio.calls.enqueue({ model: 'folder' })
    await studio.calls.changeSettings({ modelFolders: [] })
    await untilJob(studio, running.id, hasEnded)
    expect(await untilJob(studio, id, hasEnded)).toMatchObject({
      state: 'failed',
      error: { code: 'not-found' },
    })
  })

  it('warns on a rerun when the files of the model have changed', async () => {
    const studio = await openTestStudio()
    const folder = modelFolder()
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const { imageIds } = await runToEnd(studio, { model: 'folder' })
    await studio.calls.rerun(imageIds[0])
    expect((await studio.calls.status()).notices).toEqual([])
    writeFileSync(join(folder, 'folder/unet/weights.safetensors'), 'other weights')
    await studio.calls.rerun(imageIds[0])
    expect((await studio.calls.status()).notices).toMatchObject([{ level: 'warning' }])
  })

  it("holds a request against the model's own limits", async () => {
    const studio = await openTestStudio()
    await expect(studio.calls.enqueue({ width: 1024 })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'width: must be from 64 to 512 for starter, found 1024.',
    })
  })
})

describe("a model's hash", () => {
  function openHash() {
    const database = openDatabase(join(temporaryFolder(), 'studio.db'))
    onTestFinished(() => void database.close())
    return createModelHash(database)
  }

  it('of a single file is the beginning of its sha256', async () => {
    const file = join(temporaryFolder(), 'model.safetensors')
    writeFileSync(file, 'weights')
    expect(await openHash()(file)).toBe(createHash('sha256').update('weights').digest('hex').slice(0, 10))
  })

  it('of a folder follows its weights and their names, wherever it lies', async () => {
    const hash = openHash()
    const [one, other] = [join(temporaryFolder(), 'a'), join(temporaryFolder(), 'b')]
    for (const copy of [one, other]) cpSync(join(builtInModelsFolder, 'starter'), copy, { recursive: true })
    const original = await hash(one)
    expect(original).toMatch(/^[0-9a-f]{10}$/)
    expect(await hash(other)).toBe(original)
    writeFileSync(join(other, 'unet', 'config.json'), '{}')
    expect(await hash(other)).toBe(original)
    const weights = join(other, 'vae', 'diffusion_pytorch_model.safetensors')
    const bytes = readFileSync(weights)
    bytes[bytes.length - 1] ^= 1
    writeFileSync(weights, bytes)
    expect(await hash(other)).not.toBe(original)
  })

  it('of a folder that names a base follows the weights of both', async () => {
    const hash = openHash()
    const folder = modelFolder()
    mkdirSync(join(folder, 'fast', 'unet'), { recursive: true })
    writeFileSync(join(folder, 'fast', 'unet', 'weights.safetensors'), 'some')
    const alone = await hash(join(folder, 'fast'))
    writeFileSync(join(folder, 'fast', 'studio.json'), '{"base": "folder"}')
    const original = await hash(join(folder, 'fast'))
    expect(original).not.toBe(alone)
    writeFileSync(join(folder, 'folder', 'unet', 'weights.safetensors'), 'other')
    expect(await hash(join(folder, 'fast'))).not.toBe(original)
  })

  it('is made again when size or time of the file changed', async () => {
    const hash = openHash()
    const file = join(temporaryFolder(), 'model.safetensors')
    writeFileSync(file, 'one')
    const first = await hash(file)
    writeFileSync(file, 'two')
    utimesSync(file, 1, 1)
    expect(await hash(file)).not.toBe(first)
  })
})
