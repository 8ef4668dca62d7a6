import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseFile from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { GenerationRequestInput } from '../../src/shared/request/request.ts'
import { builtInModelsFolder, defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

async function previewPixels(studio: Studio, url: string): Promise<Buffer> {
  const answer = await studio.assets(new Request(`http://studio${url}`))
  expect(answer.status).toBe(200)
  return sharp(Buffer.from(await answer.arrayBuffer()))
    .raw()
    .toBuffer()
}

describe('a draft', () => {
  it('is drawn, shown, and kept nowhere', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const draft = await studio.calls.draft({ prompt: 'a gradient', steps: 3, seed: 7 })
    expect(draft).toMatchObject({ request: { prompt: 'a gradient', seed: 7, width: 128, height: 128 } })
    expect(await previewPixels(studio, draft!.url)).toHaveLength(128 * 128 * 3)
    expect((await studio.calls.history({})).total).toBe(0)
    expect(await studio.calls.jobs()).toEqual([])
    expect(
      readdirSync(folder, { recursive: true }).filter((name) => /\.(png|webp)$/.test(String(name))),
    ).toEqual([])
  })

  it('gives way to a newer one: the last request wins', async () => {
    const studio = await openTestStudio()
    const prompts = ['slow one', 'slow two', 'slow three', 'the last']
    const drafts = await Promise.all(
      prompts.map((prompt) => studio.calls.draft({ prompt, steps: 100, seed: 1 })),
    )
    expect(drafts.map((draft) => draft?.request.prompt)).toEqual([
      undefined,
      undefined,
      undefined,
      'the last',
    ])
  })

  it('that is stopped while it is still prepared is not drawn', async () => {
    const studio = await openTestStudio()
    const draft = studio.calls.draft({ prompt: 'a gradient', steps: 3 })
    await studio.calls.stopLook()
    expect(await draft).toBeNull()
    expect(await studio.calls.draft({ prompt: 'a gradient', steps: 3 })).not.toBeNull()
  })

  it('makes way for a job, and is not drawn while one runs', async () => {
    const studio = await openTestStudio()
    const draft = studio.calls.draft({ prompt: 'slow', steps: 200 })
    await expect.poll(async () => (await studio.calls.status()).engine).toBe('idle')
    const job = await studio.calls.enqueue({ prompt: 'slow', steps: 3 })
    expect(await draft).toBeNull()
    expect(await studio.calls.draft({ prompt: 'too late' })).toBeNull()
    expect(await untilJob(studio, job.id, hasEnded)).toMatchObject({ state: 'done', error: null })
    expect(await studio.calls.draft({ prompt: 'now', steps: 2 })).not.toBeNull()
  })

  it('is not waited for by what is opened ahead: a job comes first', async () => {
    const studio = await openTestStudio()
    await studio.calls.prepare({ prompt: 'a gra' })
    const job = await studio.calls.enqueue({ prompt: 'slow', steps: 3 })
    await studio.calls.prepare({ prompt: 'the next' })
    expect(await untilJob(studio, job.id, hasEnded)).toMatchObject({ state: 'done', error: null })
    await expect(studio.calls.prepare({ prompt: 'x', width: 1024 })).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  it('needs no hash of its model, but what is opened ahead is hashed before a job asks', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    await studio.calls.prepare({ prompt: 'a gra' })
    const database = new DatabaseFile(join(folder, 'studio.db'), { readonly: true })
    const hashed = database.prepare("SELECT count(*) FROM fileHashes WHERE path LIKE '%.safetensors'").pluck()
    await expect.poll(() => hashed.get()).toBeGreaterThan(0)
    database.close()
  })

  it('that fails says why, and the next is drawn', async () => {
    const studio = await openTestStudio()
    await expect(studio.calls.draft({ prompt: 'crash' })).rejects.toMatchObject({ code: 'engine-crashed' })
    await expect(studio.calls.draft({ prompt: 'nan' })).rejects.toMatchObject({ code: 'bad-image' })
    await expect(studio.calls.draft({ prompt: 'x', width: 1024 })).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect(await studio.calls.draft({ prompt: 'a gradient' })).not.toBeNull()
  })

  /** A draft by a model of a folder, and the same request queued, both as a preview is sent. */
  async function draftAndPicture(builtInModels: string, asked: GenerationRequestInput) {
    const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath, builtInModels })
    const draft = await studio.calls.draft({ prompt: 'a {red|blue} circle', device: 'cpu', ...asked })
    const shown = await previewPixels(studio, draft!.url)
    const { imageIds } = await runToEnd(studio, draft!.request)
    const kept = await sharp((await studio.calls.image(imageIds[0])).path)
      .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
      .toBuffer()
    return { shown, kept: await sharp(kept).raw().toBuffer() }
  }

  it('is, queued as a job, the same picture', async () => {
    const models = temporaryFolder()
    cpSync(join(builtInModelsFolder, 'starter'), join(models, 'starter'), { recursive: true })
    rmSync(join(models, 'starter', 'preview_vae'), { recursive: true })
    const { shown, kept } = await draftAndPicture(models, { steps: 2 })
    // Of so many numbers vitest takes minutes to draw the difference.
    expect(kept.equals(shown)).toBe(true)
  })

  it("is drawn by the model's tiny VAE, the picture that is kept by the full one", async () => {
    const { shown, kept } = await draftAndPicture(builtInModelsFolder, { model: 'starter-fast' })
    expect(shown).toHaveLength(kept.length)
    expect(shown.equals(kept)).toBe(false)
    const apart = kept.reduce((sum, level, i) => sum + Math.abs(level - shown[i]), 0) / kept.length
    expect(apart).toBeLessThan(8)
  })
})
