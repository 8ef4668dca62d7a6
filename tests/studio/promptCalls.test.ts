import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { GenerationRequestInput } from '../../src/shared/request/request.ts'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import { parseTags } from '../../src/studio/prompts/tagLists.ts'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'

describe('a prompt while it is written', () => {
  it('is read as the model would read it, before any picture', async () => {
    const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
    const [model] = await studio.calls.models()
    const read = (prompt: string) => studio.calls.readPrompts({ model: model.id, prompt, steps: 4 })

    const { prompt, negativePrompt, sigmas, isExample } = await read(
      'a (red:1.3) fox BREAK <lora:x:1> rutkowski',
    )
    expect(prompt).toMatchObject({ chunkTokens: 75, limit: null })
    const [[first, second, ...more]] = prompt.texts
    expect(first.map(({ text }) => text)).toEqual(['a', 'red', 'fox'])
    expect(second.map(({ text }) => text)).toEqual(['rutkowski'])
    expect(second[0].pieces.length).toBeGreaterThan(1)
    expect(second[0].pieces.join('')).toBe('rutkowski')
    expect(more).toEqual([])
    expect(prompt.tokens).toBe(3 + second[0].pieces.length)
    expect(negativePrompt.tokens).toBe(0)
    expect(isExample).toBe(false)

    expect(sigmas).toHaveLength(5)
    expect(sigmas.at(-1)).toBe(0)
    expect(sigmas).toEqual(sigmas.toSorted((one, other) => other - one))

    const edited = await read('[cat:dog and a mouse:0.5] {by day|by day}')
    expect(edited.prompt.texts.map(([chunk]) => chunk.map(({ text }) => text).join(' '))).toEqual([
      'dog and a mouse by day',
      'cat by day',
    ])
    expect(edited.isExample).toBe(true)
  })

  it('says how much noise a run begins with: none of strength 0, nearly all of strength 1, and nothing without a picture', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder, { enginePath: defaultEnginePath })
    const [model] = await studio.calls.models()
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#d02020' } })
      .png()
      .toBuffer()
    const { id } = await studio.inputs.add(png)
    const share = async (denoiseStrength: number, more: GenerationRequestInput = {}) => {
      const asked = { model: model.id, prompt: '', steps: 20, denoiseStrength, initImage: { id }, ...more }
      const { begins, sigmas } = await studio.calls.readPrompts(asked)
      return { sigma: sigmas[0], share: begins!.noise ** 2 / Math.hypot(begins!.picture, begins!.noise) ** 2 }
    }
    expect((await share(0)).share).toBe(0)
    const half = await share(0.5, { sampler: 'Euler', schedule: 'Karras' })
    expect(half.share).toBeCloseTo(half.sigma ** 2 / (1 + half.sigma ** 2), 6)
    expect((await share(1)).share).toBeGreaterThan(0.99)
    expect((await studio.calls.readPrompts({ model: model.id, prompt: '' })).begins).toBeNull()
  })

  it('is offered tags, styles, wildcards and past prompts', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'tags'))
    mkdirSync(join(folder, 'wildcards'))
    writeFileSync(join(folder, 'wildcards', 'colours.txt'), 'red\nblue\n')
    writeFileSync(join(folder, 'styles.csv'), 'name,prompt,negative_prompt\nLong exposure,x,\n')
    writeFileSync(
      join(folder, 'tags', 'booru.csv'),
      'very_long_hair,0,90\nlong_hair,0,400,"longhair,/lh"\nsaber_(fate),4,20,lh_saber\n^_^,0,3\n',
    )
    const studio = await openTestStudio(folder)
    const offered = async (before: string, atEnd = true) =>
      (await studio.calls.suggest({ before, atEnd })).map(({ kind, text, replaces, alias }) => [
        kind,
        text,
        replaces,
        alias,
      ])

    expect(await offered('1girl, long h')).toEqual([
      ['tag', 'long hair', 6, null],
      ['tag', 'very long hair', 6, null],
    ])
    expect(await offered('long')).toContainEqual(['style', '', 4, null])
    expect(await offered('x, sab')).toEqual([['tag', 'saber \\(fate\\)', 3, null]])
    expect(await offered('lh')).toEqual([['tag', 'saber \\(fate\\)', 2, 'lh_saber']])
    expect(await offered('^_')).toEqual([['tag', '^_^', 2, null]])
    expect(await offered('a __co')).toEqual([['wildcard', '__colours__', 4, null]])
    expect(await offered('a')).toEqual([])

    await runToEnd(studio, { prompt: 'an owl in a hat', seed: 1 })
    expect(await offered('an owl i')).toEqual([['prompt', 'an owl in a hat', 8, null]])
    expect(await offered('an owl i', false)).toEqual([])
  })

  it('reads what tag lists are out there', async () => {
    const csv = 'tag,category,count,alias\r\n"a,b",1,2,"c,d"\r\nalone\r\nmasterpiece,5,Quality tag,\r\n'
    expect(await parseTags(csv)).toEqual([
      { name: 'a,b', category: 1, count: 2, aliases: ['c', 'd'] },
      { name: 'alone', category: null, count: null, aliases: [] },
      { name: 'masterpiece', category: 5, count: null, aliases: [] },
    ])
  })
})

describe('past prompts', () => {
  it('are different ones, the last used first, as they were written', async () => {
    const studio = await openTestStudio()
    for (const prompt of ['a {cat|cat}', 'a dog', 'a {cat|cat}', ''])
      await runToEnd(studio, { prompt, seed: 1 })
    const past = await studio.calls.pastPrompts({})
    expect(past.map(({ prompt }) => prompt)).toEqual(['a {cat|cat}', 'a dog'])
    expect((await studio.calls.pastPrompts({ search: 'dog' })).map(({ prompt }) => prompt)).toEqual(['a dog'])
    expect(await studio.calls.pastPrompts({ limit: 1 })).toHaveLength(1)
  })
})

describe('what is kept by name', () => {
  const image = { id: 'a'.repeat(64), resizeMode: 'crop' as const }

  it('is there after a restart, and told to every window', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const heard: string[][] = []
    studio.subscribe({ keptChanged: ({ presets }) => heard.push(presets.map(({ name }) => name)) })
    await studio.calls.keepPreset({ name: ' Portrait ', request: { steps: 33, initImage: image } })
    await studio.calls.keepPreset({ name: 'Quick', request: { steps: 4 } })
    await studio.calls.keepPreset({ name: 'Portrait', request: { steps: 44 }, seedLocked: true })
    await studio.calls.keepPrompt({ name: 'Owl', prompt: 'an owl' })
    await studio.close()

    const { presets, prompts } = await (await openTestStudio(folder)).calls.kept()
    expect(presets.map(({ name, request, seedLocked }) => [name, request.steps, seedLocked])).toEqual([
      ['Portrait', 44, true],
      ['Quick', 4, false],
    ])
    expect(presets[0].request.initImage).toBeNull()
    expect(prompts).toEqual([{ name: 'Owl', prompt: 'an owl', negativePrompt: '' }])
    expect(heard[2]).toEqual(['Portrait', 'Quick'])
  })

  it('is forgotten when asked to, and what is not there is said', async () => {
    const studio = await openTestStudio()
    await studio.calls.keepPrompt({ name: 'Owl', prompt: 'an owl' })
    expect((await studio.calls.forgetPrompt('Owl')).prompts).toEqual([])
    await expect(studio.calls.forgetPrompt('Owl')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('loses nothing that this version cannot read', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'presets.json')
    writeFileSync(path, '[{"name": "Later", "request": {"steps": "many"}}]')
    const studio = await openTestStudio(folder)
    const { presets } = await studio.calls.keepPreset({ name: 'Mine', request: {} })
    expect(presets.map(({ name }) => name)).toEqual(['Mine'])
    expect(readFileSync(path, 'utf8')).toContain('many')
    expect((await studio.calls.status()).notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('1 of its entries'),
    ])

    writeFileSync(path, '{ torn')
    expect((await studio.calls.kept()).presets).toEqual([])
    await studio.calls.keepPreset({ name: 'Mine', request: {} })
    const aside = readdirSync(folder).find((name) => name.startsWith('presets-kept-'))!
    expect(readFileSync(join(folder, aside), 'utf8')).toBe('{ torn')
  })
})
