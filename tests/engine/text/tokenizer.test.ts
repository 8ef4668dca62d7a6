import fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTokenizer } from '../../../src/engine/text/tokenizer.ts'
import { readTokenizerFolder, standardTokenizerFiles } from '../../../src/engine/text/tokenizerFiles.ts'

const standard = await standardTokenizerFiles()
const tokenizer = openTokenizer(standard)
const starterFolder = join(import.meta.dirname, '../../../resources/models/starter/tokenizer')

describe('the standard CLIP tokenizer', () => {
  it('has the ids that every published model was trained with', () => {
    expect(tokenizer.encode('a photo of a cat')).toEqual([320, 1125, 539, 320, 2368])
    expect([tokenizer.bos, tokenizer.eos, tokenizer.pad, tokenizer.comma]).toEqual([49406, 49407, 49407, 267])
  })

  it('pads with the token it is told, as OpenCLIP encoders need', () => {
    expect(openTokenizer({ ...standard, pad: '!' }).pad).toBe(0)
  })

  it('gives the same ids again for the text of its ids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const settled = tokenizer.decode(tokenizer.encode(text))
        const ids = tokenizer.encode(settled)
        expect(tokenizer.encode(tokenizer.decode(ids))).toEqual(ids)
      }),
      { numRuns: 2000 },
    )
  })

  it('never sees more than words: spaces between them change nothing', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 8 })
    const spaces = fc.constantFrom(' ', '  ', '\n', '\t', ' \u2003')
    fc.assert(
      fc.property(words, spaces, (list, space) => {
        expect(tokenizer.encode(list.join(space))).toEqual(tokenizer.encode(list.join(' ')))
      }),
    )
  })

  it('takes any text, a very long word included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const id of tokenizer.encode(text)) expect(id).toBeLessThan(49408)
      }),
      { numRuns: 2000 },
    )
    expect(tokenizer.encode('qx'.repeat(10_000)).length).toBeGreaterThan(1000)
  })

  it('mends text that was read in the wrong encoding, as the training did', () => {
    expect(tokenizer.encode('cafÃ© â€œnoirâ€\x9d')).toEqual(tokenizer.encode('café "noir"'))
  })
})

describe('a tokenizer folder', () => {
  let folder: string
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))))
  afterEach(() => rm(folder, { recursive: true }))

  it('of the starter model brings its own vocabulary', async () => {
    const starter = openTokenizer(await readTokenizerFolder(starterFolder))
    expect([starter.bos, starter.eos, starter.pad]).toEqual([1693, 1694, 1694])
    const ids = starter.encode('A red house, under a blue sky')
    expect(starter.decode(ids)).toBe('a red house , under a blue sky ')
    expect(Math.max(...ids)).toBeLessThan(starter.bos)
  })

  it('may hold a tokenizer.json instead, its merges as text or as pairs', async () => {
    const { vocab, merges } = await readTokenizerFolder(starterFolder)
    for (const written of [merges, merges.map((merge) => merge.split(' '))]) {
      await writeFile(join(folder, 'tokenizer.json'), JSON.stringify({ model: { vocab, merges: written } }))
      expect(await readTokenizerFolder(folder)).toEqual({ vocab, merges })
    }
  })

  it('names its padding token in special_tokens_map.json', async () => {
    await writeFile(join(folder, 'vocab.json'), '{"!": 0, "<|endoftext|>": 1}')
    await writeFile(join(folder, 'merges.txt'), '#version: 0.2\n')
    await writeFile(
      join(folder, 'special_tokens_map.json'),
      '{"pad_token": {"content": "!", "lstrip": false}}',
    )
    expect(openTokenizer(await readTokenizerFolder(folder)).pad).toBe(0)
  })

  it('without a vocabulary is a missing part, a broken one a bad checkpoint', async () => {
    await expect(readTokenizerFolder(folder)).rejects.toMatchObject({ code: 'missing-part' })
    await writeFile(join(folder, 'vocab.json'), '{"a": "b"}')
    await writeFile(join(folder, 'merges.txt'), '')
    await expect(readTokenizerFolder(folder)).rejects.toMatchObject({ code: 'bad-checkpoint' })
  })
})
