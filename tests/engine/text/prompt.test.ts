import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { promptChunks } from '../../../src/engine/text/chunks.ts'
import { comfyChunks } from '../../../src/engine/text/comfyPrompt.ts'
import { applyEmphasis, parseEmphasis } from '../../../src/engine/text/emphasis.ts'
import { composePrompt } from '../../../src/engine/text/prompt.ts'
import { extractTags, stripComments } from '../../../src/shared/prompt/promptTags.ts'
import { promptSchedule } from '../../../src/engine/text/promptSchedule.ts'
import { openTokenizer } from '../../../src/engine/text/tokenizer.ts'
import { standardTokenizerFiles } from '../../../src/engine/text/tokenizerFiles.ts'

const tokenizer = openTokenizer(await standardTokenizerFiles())
const syntax = fc
  .array(
    fc.constantFrom(
      'a',
      ' b',
      '(',
      ')',
      '[',
      ']',
      ':',
      '|',
      '1.2',
      '0.5',
      '3',
      '\\',
      ' AND ',
      ' BREAK ',
      ',',
      '<x:',
      '>',
      '#',
      '\n',
    ),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join(''))

describe('any prompt', () => {
  it('is read by every part of the language, whatever its brackets', () => {
    fc.assert(
      fc.property(syntax, fc.integer({ min: 1, max: 30 }), (prompt, steps) => {
        const { text } = extractTags(stripComments(prompt))
        for (const part of composePrompt(text)) {
          const schedule = promptSchedule(part.text, steps)
          expect(schedule.at(-1)!.until).toBe(steps)
          expect(schedule.map(({ until }) => until)).toEqual(
            [...new Set(schedule.map(({ until }) => until))].sort((a, b) => a - b),
          )
          for (const { ids, weights } of schedule.flatMap(({ text: now }) => promptChunks(tokenizer, now))) {
            expect([ids.length, weights.length, ids[0]]).toEqual([77, 77, tokenizer.bos])
          }
        }
        for (const { ids, weights } of comfyChunks(tokenizer, prompt))
          expect([ids.length, weights.length]).toEqual([77, 77])
      }),
      { numRuns: 3000 },
    )
  })

  it('of thousands of brackets is read in no time', () => {
    for (const part of [
      '(',
      '[',
      '[a:',
      '((a:1.1)',
      '[a|',
      '[[a]:1]',
      'a:',
      '<a:',
      '# ',
      '\\',
      ' '.repeat(50),
    ]) {
      const prompt = part.repeat(20_000 / part.length)
      const before = process.threadCpuUsage()
      const { text } = extractTags(stripComments(prompt))
      for (const each of composePrompt(text)) promptSchedule(each.text, 20)
      parseEmphasis(text)
      expect(process.threadCpuUsage(before).user / 1000, part).toBeLessThan(500)
    }
  })
})

describe('editing', () => {
  const texts = (prompt: string) => promptSchedule(prompt, 10).map(({ until, text }) => [until, text])

  it('changes the text after a fraction of the steps or after a step', () => {
    expect(texts('a [red:blue:0.3] [house:7]')).toEqual([
      [3, 'a red '],
      [7, 'a blue '],
      [10, 'a blue house'],
    ])
  })

  it('counts what does not match as the reference does: an even number of brackets behind an editing undoes it', () => {
    expect(texts('[red:5])')).toEqual([
      [5, ')'],
      [10, 'red)'],
    ])
    expect(texts('[red:5]))')).toEqual([[10, '[red:5]))']])
    expect(texts('([red:5]))')).toEqual([[10, '([red:5]))']])
  })
})

describe('emphasis', () => {
  it('keeps brackets that never close to the end of the text', () => {
    expect(parseEmphasis('a (cat')).toEqual([
      { text: 'a ', weight: 1 },
      { text: 'cat', weight: 1.1 },
    ])
  })

  it('keeps the mean of the hidden states and changes nothing at weight 1', () => {
    const hidden = Float32Array.from({ length: 12 }, (_, index) => Math.sin(index) + 0.5)
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length
    const weighted = applyEmphasis(hidden, [1, 1.5, 0.2], 4)
    expect(mean(weighted)).toBeCloseTo(mean(hidden), 6)
    expect(weighted[4] / weighted[0]).toBeCloseTo((1.5 * hidden[4]) / hidden[0], 5)
    expect(applyEmphasis(hidden, [1, 1, 1], 4)).toEqual(hidden)
  })
})

describe('chunks', () => {
  it('of an empty prompt are one, of start, end and padding', () => {
    const [{ ids, weights }, ...more] = promptChunks(tokenizer, '')
    expect(more).toEqual([])
    expect(ids).toEqual([49406, ...Array<number>(76).fill(49407)])
    expect(weights).toEqual(Array(77).fill(1))
  })

  it('pad after the first end with the padding token', () => {
    const openClip = { ...tokenizer, pad: 0 }
    expect(promptChunks(openClip, 'cat')[0].ids.slice(0, 4)).toEqual([49406, 2368, 49407, 0])
  })
})

describe('embeddings', () => {
  const embeddings = [
    { name: 'easynegative', vectors: 3 },
    { name: 'easynegative two', vectors: 2 },
  ]
  const placeOf = (prompt: string) =>
    promptChunks(tokenizer, prompt, { embeddings }).map((chunk) => chunk.embeddings)

  it('take the place of the words that name them, the longest name first', () => {
    expect(placeOf('a EasyNegative, (easynegative two:1.2)')).toEqual([
      [
        { name: 'easynegative', at: 2 },
        { name: 'easynegative two', at: 6 },
      ],
    ])
    const [{ ids, weights }] = promptChunks(tokenizer, '(easynegative:1.5) cat', { embeddings })
    expect(ids.slice(0, 6)).toEqual([49406, 0, 0, 0, 2368, 49407])
    expect(weights.slice(0, 6)).toEqual([1, 1.5, 1.5, 1.5, 1, 1])
  })

  it('move with the text after a comma to the next chunk', () => {
    expect(placeOf(`${'x '.repeat(68)}, easynegative x x x x`)).toEqual([
      [],
      [{ name: 'easynegative', at: 1 }],
    ])
  })

  it('are not divided between two chunks', () => {
    expect(placeOf(`${'x '.repeat(73)}easynegative`)).toEqual([[], [{ name: 'easynegative', at: 1 }]])
  })
})

describe('networks and AND', () => {
  it('takes tags out of a prompt with their arguments', () => {
    expect(extractTags('a <lora:my style:0.8:0.5> cat <b> 1<2')).toEqual({
      text: 'a  cat <b> 1<2',
      tags: [{ written: '<lora:my style:0.8:0.5>', kind: 'lora', arguments: ['my style', '0.8', '0.5'] }],
    })
  })

  it('gives every prompt of an AND its weight', () => {
    expect(composePrompt('a cat :1.2 AND a dog')).toEqual([
      { text: 'a cat', weight: 1.2 },
      { text: ' a dog', weight: 1 },
    ])
  })
})
