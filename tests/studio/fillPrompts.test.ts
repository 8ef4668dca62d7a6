import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'

function folderWithTexts(): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'wildcards'))
  writeFileSync(join(folder, 'wildcards', 'animal.txt'), 'cat\ndog\nowl\n')
  writeFileSync(
    join(folder, 'styles.csv'),
    'name,prompt,negative_prompt\nInk,"{prompt}, ink on paper",colour\nSoft,soft light,\n',
  )
  return folder
}

describe('styles and wildcards', () => {
  it('are put into the prompts when a job is queued, and what was written is kept', async () => {
    const studio = await openTestStudio(folderWithTexts())
    const job = await studio.calls.enqueue({
      prompt: 'a {big|big} __animal__',
      negativePrompt: 'blur',
      styles: ['Ink', 'Soft'],
      seed: 5,
    })
    expect(job.request.prompt).toMatch(/^a big (cat|dog|owl), ink on paper, soft light$/)
    expect(job.request.promptTemplate).toBe('a {big|big} __animal__')
    expect(job.request.negativePrompt).toBe('blur, colour')
    expect(job.request.negativePromptTemplate).toBe('blur')
  })

  it('choose the same for the same seed, and are stored with the image', async () => {
    const studio = await openTestStudio(folderWithTexts())
    const request = {
      prompt: '__animal__ and __animal__ and {red|green|blue}',
      seed: 11,
      width: 64,
      height: 64,
    }
    const [first, again] = [await studio.calls.enqueue(request), await studio.calls.enqueue(request)]
    expect(again.request.prompt).toBe(first.request.prompt)
    const done = await runToEnd(studio, request)
    const image = await studio.calls.image(done.imageIds[0])
    expect(image.request.prompt).toBe(first.request.prompt)
    expect(
      (await studio.calls.history({ search: image.request.prompt.split(' ')[0] })).items,
    ).not.toHaveLength(0)
  })

  it('are chosen for each image of a batch, recorded with it, and the same again', async () => {
    const studio = await openTestStudio(folderWithTexts())
    const conventions = ['AUTOMATIC1111 CPU', 'ComfyUI'] as const
    for (const seedConvention of conventions) {
      const request = { prompt: '{a|b|c|d} __animal__', seed: 3, batchSize: 6, seedConvention, steps: 1 }
      const { imageIds, request: asked } = await runToEnd(studio, { ...request, width: 64, height: 64 })
      const images = await Promise.all(imageIds.map((id) => studio.calls.image(id)))
      expect(images).toHaveLength(6)
      expect(new Set(images.map(({ request: { prompt } }) => prompt)).size).toBeGreaterThan(2)
      expect(images.map(({ request: { prompt } }) => prompt)).toEqual(
        asked.batchPrompts!.map(({ prompt }) => prompt),
      )
      for (const { id, request: made } of images) {
        expect(made).toMatchObject({ promptTemplate: request.prompt, batchPrompts: null, batchSize: 1 })
        expect((await studio.calls.rerun(id)).request.prompt).toBe(made.prompt)
        // What the window sends after "Use settings": what was written, and the image's own seed.
        const { seed, batchStart, batchOf } = made
        const again = await studio.calls.enqueue({ ...request, seed, batchStart, batchOf, batchSize: 1 })
        expect(again.request.prompt).toBe(made.prompt)
      }
    }
  })

  it('are put into the prompts of the second pass too, the same text as in the first to the same choice', async () => {
    const studio = await openTestStudio(folderWithTexts())
    const hires = { prompt: '{a|b|c|d} __animal__, sharp', negativePrompt: '{dull|flat}' }
    const request = { prompt: '{a|b|c|d} __animal__', styles: ['Ink'], hires, seed: 3, batchSize: 6 }
    const { imageIds, request: asked } = await runToEnd(studio, { ...request, width: 64, height: 64 })
    expect(asked.hires).toMatchObject({
      promptTemplate: hires.prompt,
      negativePromptTemplate: hires.negativePrompt,
    })
    const images = await Promise.all(imageIds.map((id) => studio.calls.image(id)))
    expect(new Set(images.map((image) => image.request.hires!.prompt)).size).toBeGreaterThan(2)
    for (const { request: made } of images) {
      const [chosen] = made.prompt.split(', ')
      expect(made.hires!.prompt).toBe(`${chosen}, sharp, ink on paper`)
      expect(made.hires!.negativePrompt).toMatch(/^(dull|flat), colour$/)
    }
    const plain = await studio.calls.enqueue({ ...request, hires: {}, batchSize: 1 })
    expect(plain.request.hires).toMatchObject({ prompt: null, promptTemplate: null })
  })

  it('of the second pass are looked through before a run', async () => {
    const studio = await openTestStudio(folderWithTexts())
    const hires = { prompt: '<lora:a:1> <lora:b:1> __gone__' }
    const notes = await studio.calls.notes({ prompt: '<lora:a:1>', hires })
    expect(notes).toContainEqual({ kind: 'loraInSecondPass', list: ['<lora:b:1>'] })
    expect(notes).toContainEqual({ kind: 'wildcard', list: ['__gone__'] })
  })

  it('are the same for all of a batch where that is asked for', async () => {
    const studio = await openTestStudio(folderWithTexts())
    const request = { prompt: '{a|b|c|d} __animal__', seed: 3, batchSize: 6, width: 64, height: 64 }
    const { imageIds } = await runToEnd(studio, { ...request, batchChoices: 'same' })
    const images = await Promise.all(imageIds.map((id) => studio.calls.image(id)))
    expect(new Set(images.map((image) => image.request.prompt)).size).toBe(1)
  })

  it('with a file that is no plain text say so and go on', async () => {
    const folder = folderWithTexts()
    writeFileSync(join(folder, 'wildcards', 'bad.txt'), Buffer.from([0, 1, 2]))
    writeFileSync(join(folder, 'styles.csv'), 'Titel;Text\nA;b\n')
    const studio = await openTestStudio(folder)
    expect((await studio.calls.enqueue({ prompt: '__bad__', seed: 1 })).request.prompt).toBe('__bad__')
    expect(await studio.calls.styles()).toEqual([])
    const { notices } = await studio.calls.status()
    expect(notices.map(({ message }) => message).join()).toMatch(
      /bad\.txt was not read.*styles\.csv has no column name/,
    )
  })

  it('are looked through before a run for what does nothing, those that others ask for too', async () => {
    const folder = folderWithTexts()
    writeFileSync(join(folder, 'wildcards', 'scene.txt'), 'a __place__ with __animal__')
    writeFileSync(join(folder, 'wildcards', 'bad.txt'), Buffer.from([0, 1, 2]))
    writeFileSync(join(folder, 'wildcards', 'later.txt'), '# to be written\n\n')
    const studio = await openTestStudio(folder)
    const prompt = '__animal__ __scene__ {__gone__|x} __bad__ __later__'
    const notes = await studio.calls.notes({ prompt, styles: ['Ink'], negativePrompt: '<lora:a:1>' })
    const listOf = (kind: string) => notes.filter((note) => note.kind === kind).flatMap(({ list }) => list)
    expect(listOf('loraInNegative')).toEqual(['<lora:a:1>'])
    expect(listOf('wildcard').sort()).toEqual(['__gone__', '__place__'])
    expect(listOf('wildcardEmpty').sort()).toEqual(['__bad__', '__later__'])
    expect(listOf('file')).toEqual([expect.stringContaining('bad.txt was not read')])
    expect(await studio.calls.notes({ prompt: 'a cat, __animal__', styles: ['No such'] })).toEqual([])
  })

  it('leave a prompt without them as it is', async () => {
    const studio = await openTestStudio()
    const { request } = await studio.calls.enqueue({ prompt: 'a (red:1.2) house, [day|night]', seed: 1 })
    expect(request).toMatchObject({ prompt: 'a (red:1.2) house, [day|night]', promptTemplate: null })
  })

  it('are named when there is none of that name', async () => {
    const studio = await openTestStudio(folderWithTexts())
    await expect(studio.calls.enqueue({ prompt: 'x', styles: ['Oil'] })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'styles: there is no style called "Oil" in styles.csv; there are: Ink, Soft.',
    })
    expect((await studio.calls.styles()).map(({ name }) => name)).toEqual(['Ink', 'Soft'])
  })
})
