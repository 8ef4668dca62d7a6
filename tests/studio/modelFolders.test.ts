import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ModelRecord } from '../../src/shared/models/models.ts'
import { findModelsBelow } from '../../src/studio/models/findModels.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const namesOf = async (studio: Studio): Promise<string[]> =>
  (await studio.calls.models()).map(({ name }) => name)

/** The models of the folders, without those that ship. */
const addedTo = async (studio: Studio): Promise<ModelRecord[]> =>
  (await studio.calls.models()).filter(({ builtIn }) => !builtIn)

async function studioWith(...modelFolders: string[]): Promise<Studio> {
  const studio = await openTestStudio()
  await studio.calls.changeSettings({ modelFolders })
  return studio
}

describe('one bad entry in a model folder', () => {
  it('is passed over when it is a link to itself, and the others are listed and run', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'good.safetensors'), 'good')
    symlinkSync('self', join(folder, 'self'))
    symlinkSync('two', join(folder, 'one'))
    symlinkSync('one', join(folder, 'two'))
    symlinkSync(join(folder, 'good.safetensors', 'below'), join(folder, 'through-a-file'))
    const studio = await studioWith(folder)
    expect(await namesOf(studio)).toEqual(['starter', 'starter-fast', 'starter-pixels', 'good'])
    expect((await studio.calls.enqueue({ model: 'good' })).state).toBe('queued')
  })

  it('is listed with what is wrong when it is a link with the name of a model', async () => {
    const folder = temporaryFolder()
    symlinkSync('gone.safetensors', join(folder, 'moved.safetensors'))
    symlinkSync('loop.safetensors', join(folder, 'loop.safetensors'))
    const studio = await studioWith(folder)
    const wrong = { info: null, problem: { code: 'not-found', message: expect.stringContaining('link') } }
    expect(await studio.calls.models()).toMatchObject([
      { name: 'starter', problem: null },
      { name: 'starter-fast', problem: null },
      { name: 'starter-pixels', problem: null },
      { name: 'loop', ...wrong },
      { name: 'moved', ...wrong },
    ])
    await expect(studio.calls.enqueue({ model: 'moved' })).rejects.toMatchObject({ code: 'not-found' })
    expect((await studio.calls.enqueue({})).state).toBe('queued')
  })

  it.skipIf(process.platform === 'win32')('is no model when it is a pipe, and blocks nobody', async () => {
    const folder = temporaryFolder()
    execFileSync('mkfifo', [join(folder, 'pipe.safetensors')])
    mkdirSync(join(folder, 'diffusers'))
    writeFileSync(join(folder, 'diffusers', 'model_index.json'), '{}')
    execFileSync('mkfifo', [join(folder, 'diffusers', 'weights.safetensors')])
    symlinkSync('pipe.safetensors', join(folder, 'linked.safetensors'))
    const studio = await studioWith(folder)
    expect(await namesOf(studio)).toEqual(['starter', 'starter-fast', 'starter-pixels', 'diffusers'])
    // Its hash is taken before it runs.
    expect(await runToEnd(studio, { model: 'diffusers' })).toMatchObject({ state: 'done' })
  })
})

describe('links in a model folder', () => {
  it('that go round in circles do not list a model twice', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'a'))
    writeFileSync(join(folder, 'a', 'one.safetensors'), 'one')
    mkdirSync(join(folder, 'a', 'two'))
    writeFileSync(join(folder, 'a', 'two', 'model_index.json'), '{}')
    symlinkSync(folder, join(folder, 'a', 'up'))
    symlinkSync(join(folder, 'a'), join(folder, '0-first'))
    symlinkSync(join(folder, 'a', 'one.safetensors'), join(folder, '0-one.safetensors'))
    const studio = await studioWith(folder, join(folder, 'a'), join(folder, '0-first'))
    const models = await addedTo(studio)
    expect(models.map(({ path }) => path)).toEqual([
      join(folder, 'a', 'one.safetensors'),
      join(folder, 'a', 'two'),
    ])
  })

  it('bring in what lies elsewhere', async () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()]
    writeFileSync(join(elsewhere, 'blob'), 'weights')
    symlinkSync(join(elsewhere, 'blob'), join(folder, 'from-a-cache.safetensors'))
    expect(await namesOf(await studioWith(folder))).toEqual([
      'starter',
      'starter-fast',
      'starter-pixels',
      'from-a-cache',
    ])
  })
})

describe('a folder that is no model folder', () => {
  it.skipIf(process.platform !== 'linux')('answers soon and with little memory', async () => {
    const before = process.memoryUsage.rss()
    const began = performance.now()
    for (const folder of ['/dev', '/proc/self']) await findModelsBelow(folder)
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 2 ** 20)
  })

  it('is looked through only so far, and the person hears of it', async () => {
    const folder = temporaryFolder()
    for (let index = 0; index < 5100; index++) mkdirSync(join(folder, `folder-${index}`))
    const studio = await studioWith(folder)
    expect(await namesOf(studio)).toEqual(['starter', 'starter-fast', 'starter-pixels'])
    expect((await studio.calls.status()).notices).toMatchObject([
      { level: 'warning', message: expect.stringContaining(folder) as string },
    ])
  })
})

describe('a model that does not answer', () => {
  it('holds up its own request, not those of others', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'silent.safetensors'), 'silent')
    const studio = await openTestStudio()
    const told: (string | undefined)[] = []
    studio.subscribe({
      modelsChanged(models) {
        const silent = models.find(({ name }) => name === 'silent')
        if (silent) told.push(silent.problem?.code ?? silent.info?.family)
      },
    })
    void studio.calls.changeSettings({ modelFolders: [folder] }).catch(() => {})
    await expect.poll(() => studio.calls.settings()).toMatchObject({ modelFolders: [folder] })
    const ended: string[] = []
    const stuck = studio.calls
      .enqueue({ model: 'silent' })
      .catch((error: unknown) => error)
      .finally(() => ended.push('silent'))
    expect((await studio.calls.enqueue({})).state).toBe('queued')
    expect(ended).toEqual([])
    expect(await stuck).toMatchObject({ code: 'not-found', message: expect.stringContaining('answer') })
    // From now on nobody waits for it.
    expect((await addedTo(studio)).map(({ problem }) => problem?.code)).toEqual(['not-found'])
    // Whoever shows it hears of it when it does answer.
    await expect.poll(() => told).toContain('not-found')
    writeFileSync(join(folder, 'silent.safetensors.answer'), '')
    await expect.poll(() => told).toContain('gradients')
  })

  it('does not change the order of those that do', async () => {
    const studio = await openTestStudio()
    const seeds = Array.from({ length: 20 }, (_, index) => index)
    await Promise.all(seeds.map((seed) => studio.calls.enqueue({ seed, prompt: 'slow' })))
    expect((await studio.calls.jobs()).map(({ request }) => request.seed)).toEqual(seeds)
  })
})

describe('a model folder', () => {
  it('must be a whole path to a folder that is there, and else nothing is changed', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const studio = await studioWith(folder)
    const refused: [string, string][] = [
      ['models', 'bad-request'],
      [join(folder, 'none'), 'not-found'],
      [join(folder, 'file'), 'bad-request'],
    ]
    for (const [named, code] of refused) {
      const changing = studio.calls.changeSettings({ modelFolders: [folder, named] })
      await expect(changing).rejects.toMatchObject({
        code,
        // In the words of who reads it, without the setting's name.
        message: expect.stringMatching(new RegExp(`^(?!modelFolders).*${named}`)) as string,
      })
    }
    expect(await studio.calls.settings()).toMatchObject({ modelFolders: [folder] })
  })

  it('whose disk is away stays in the settings, which is said, and is there again with the disk', async () => {
    const [data, parent] = [temporaryFolder(), temporaryFolder()]
    const disk = join(parent, 'disk')
    mkdirSync(disk)
    writeFileSync(join(disk, 'dream.safetensors'), 'dream')
    const before = await openTestStudio(data)
    await before.calls.changeSettings({ modelFolders: [disk] })
    await before.close()
    renameSync(disk, join(parent, 'away'))
    const studio = await openTestStudio(data)
    expect(await addedTo(studio)).toEqual([])
    expect((await studio.calls.status()).notices).toMatchObject([
      { message: expect.stringMatching(/model folder .*disk is not there/) as string },
    ])
    // What has nothing to do with it can be changed, and another folder added.
    await studio.calls.changeSettings({ modelFolders: [disk, parent] })
    renameSync(join(parent, 'away'), disk)
    await studio.calls.rescanModels()
    expect((await addedTo(studio)).map(({ name }) => name)).toEqual(['dream'])
  })
})

describe('a job whose model moved while it was queued', () => {
  async function queuedBehindAnother(folder: string, madeBefore: boolean) {
    writeFileSync(join(folder, 'dream.safetensors'), 'dream')
    const studio = await studioWith(folder)
    if (madeBefore) await runToEnd(studio, { model: 'dream' })
    const running = await studio.calls.enqueue({ prompt: 'slow', steps: 3 })
    const queued = await studio.calls.enqueue({ model: 'dream' })
    const ended = async () => {
      await untilJob(studio, running.id, hasEnded)
      const job = await untilJob(studio, queued.id, hasEnded)
      return { job, said: (await studio.calls.status()).notices.at(-1)?.message ?? '' }
    }
    return { studio, ended }
  }

  it('is made with the same files under another name, once an image was made with them, and that is said', async () => {
    const folder = temporaryFolder()
    const { studio, ended } = await queuedBehindAnother(folder, true)
    renameSync(join(folder, 'dream.safetensors'), join(folder, 'renamed.safetensors'))
    const { job, said } = await ended()
    expect(job.error).toBeNull()
    expect(said).toMatch(/dream, the model of this job, was found again by its hash.*renamed\.safetensors/)
    const { model, request } = await studio.calls.image(job.imageIds[0])
    expect(model.name).toBe('renamed')
    expect(request.model).toBe(model.id)
  })

  it('else with the only one of its name, and that is said', async () => {
    const folder = temporaryFolder()
    const { studio, ended } = await queuedBehindAnother(folder, false)
    mkdirSync(join(folder, 'elsewhere'))
    renameSync(join(folder, 'dream.safetensors'), join(folder, 'elsewhere', 'dream.safetensors'))
    const { job, said } = await ended()
    expect(job.error).toBeNull()
    expect(said).toMatch(/dream, the model of this job, was found by its name: .*elsewhere/)
    expect((await studio.calls.image(job.imageIds[0])).model.name).toBe('dream')
  })
})

describe('a model that is gone', () => {
  it('is called by its name where its picture is looked into or made again', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'dream.safetensors'), 'dream')
    const studio = await studioWith(folder)
    const { imageIds } = await runToEnd(studio, { model: 'dream' })
    rmSync(join(folder, 'dream.safetensors'))
    const gone = {
      code: 'not-found',
      message: expect.stringMatching(
        /^The model dream \(\w+\) is in none of the model folders\. Put it back/,
      ),
    }
    await expect(studio.calls.raceChoices(imageIds[0])).rejects.toMatchObject(gone)
    await expect(studio.calls.rerun(imageIds[0])).rejects.toMatchObject(gone)
  })
})

describe('the id of a model', () => {
  it('stays when the model folder is moved', async () => {
    const parent = temporaryFolder()
    mkdirSync(join(parent, 'old', 'sub'), { recursive: true })
    writeFileSync(join(parent, 'old', 'sub', 'dream.safetensors'), 'dream')
    const studio = await studioWith(join(parent, 'old'))
    const [before] = await addedTo(studio)
    renameSync(join(parent, 'old'), join(parent, 'new'))
    await studio.calls.changeSettings({ modelFolders: [join(parent, 'new')] })
    const [after] = await addedTo(studio)
    expect(after.id).toBe(before.id)
    expect(after.path).not.toBe(before.path)
  })

  it('is another one for the same name at the same place below two folders', async () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()]
    for (const folder of [one, other]) writeFileSync(join(folder, 'dream.safetensors'), folder)
    const studio = await studioWith(one, other)
    const [first, second] = await addedTo(studio)
    expect(first.id).not.toBe(second.id)
    for (const { id, path } of [first, second]) {
      const { imageIds } = await runToEnd(studio, { model: id })
      expect((await studio.calls.image(imageIds[0])).model.id).toBe(id)
      expect(path).toContain('dream')
    }
  })
})

describe('R19: rerun of an image whose model moved', () => {
  async function madeWith(folder: string): Promise<{ studio: Studio; imageId: string }> {
    writeFileSync(join(folder, 'dream.safetensors'), 'dream')
    const studio = await studioWith(folder)
    const { imageIds } = await runToEnd(studio, { model: 'dream' })
    return { studio, imageId: imageIds[0] }
  }

  const lastNotice = async (studio: Studio): Promise<string> =>
    (await studio.calls.status()).notices.at(-1)?.message ?? ''

  it('finds it by its hash under another name in another folder, and says which', async () => {
    const folder = temporaryFolder()
    const { studio, imageId } = await madeWith(folder)
    mkdirSync(join(folder, 'elsewhere'))
    renameSync(join(folder, 'dream.safetensors'), join(folder, 'elsewhere', 'renamed.safetensors'))
    writeFileSync(join(folder, 'another.safetensors'), 'another')
    const job = await studio.calls.rerun(imageId)
    const renamed = (await studio.calls.models()).find(({ name }) => name === 'renamed')!
    expect(job.request.model).toBe(renamed.id)
    expect(await lastNotice(studio)).toContain(renamed.path)
  })

  it('rather takes the same files than other files under the old name', async () => {
    const folder = temporaryFolder()
    const { studio, imageId } = await madeWith(folder)
    renameSync(join(folder, 'dream.safetensors'), join(folder, 'dream-1.safetensors'))
    writeFileSync(join(folder, 'dream.safetensors'), 'another dream')
    await studio.calls.rescanModels()
    const { request } = await studio.calls.rerun(imageId)
    expect((await studio.calls.models()).find(({ id }) => id === request.model)?.name).toBe('dream-1')
  })

  it('else takes the one that has its name, and says that the image will differ', async () => {
    const folder = temporaryFolder()
    const { studio, imageId } = await madeWith(folder)
    rmSync(join(folder, 'dream.safetensors'))
    mkdirSync(join(folder, 'new'))
    writeFileSync(join(folder, 'new', 'Dream.safetensors'), 'version 2')
    await studio.calls.rescanModels()
    const { request } = await studio.calls.rerun(imageId)
    expect(request.model).toMatch(/^Dream-/)
    expect(await lastNotice(studio)).toMatch(/will differ.*Dream\.safetensors/)
  })

  it('names the model and its hash when it is nowhere', async () => {
    const folder = temporaryFolder()
    const { studio, imageId } = await madeWith(folder)
    rmSync(join(folder, 'dream.safetensors'))
    await studio.calls.rescanModels()
    const { hash } = (await studio.calls.image(imageId)).model
    await expect(studio.calls.rerun(imageId)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(`dream \\(${hash}\\)`) as string,
    })
  })

  it('still knows the id that followed the absolute path', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'dream.safetensors'), 'dream')
    const studio = await studioWith(folder)
    const digest = (await import('node:crypto'))
      .createHash('sha256')
      .update(join(folder, 'dream.safetensors'))
      .digest('hex')
    const { request } = await studio.calls.enqueue({ model: `dream-${digest.slice(0, 8)}` })
    expect(request.model).toBe((await addedTo(studio))[0].id)
  })
})
