import { expect, it } from 'vitest'
import {
  isFlat,
  meanMap,
  placedWords,
  unevenness,
  type SeenAttention,
} from '../../../src/renderer/lab/maths/attentionMaps.ts'

const start = { kind: 'start', text: '', tokens: [''] } as const
const end = { kind: 'end', text: '', tokens: [''] } as const
const word = (text: string, tokens = [text]) => ({ kind: 'word', text, tokens }) as const
const mutable = <T>(value: T): T => structuredClone(value)

/** A fine and a coarse size; four tokens: start, two pieces of one word, end. */
const seen: SeenAttention = {
  sizes: [
    { height: 2, width: 4 },
    { height: 1, width: 2 },
  ],
  reduced: false,
  encoders: 1,
  texts: [
    mutable({ weight: 1, chunks: [[start, word('foxes', ['fox', 'es']), end]] }) as never,
    mutable({ weight: 1, chunks: [[start, word('hill'), end]] }) as never,
  ],
  steps: [
    {
      sigma: 2,
      timestep: 900,
      reads: [
        {
          text: 0,
          maps: [
            Float32Array.of(
              ...Array(8).fill(0.5),
              0.3,
              0,
              0,
              0,
              0,
              0,
              0,
              0,
              0.1,
              0,
              0,
              0,
              0,
              0,
              0,
              0.2,
              ...Array(8).fill(0.1),
            ),
            Float32Array.of(0.5, 0.5, 0.2, 0, 0.2, 0, 0.1, 0.5),
          ],
        },
      ],
    },
    {
      sigma: 1,
      timestep: 500,
      reads: [{ text: 1, maps: [new Float32Array(24).fill(1 / 3), new Float32Array(6).fill(1 / 3)] }],
    },
    { sigma: 0.5, timestep: 200, reads: [] },
  ],
}

it('words keep their place among the tokens of all chunks', () => {
  const words = placedWords({
    weight: 1,
    chunks: [
      [start, word('foxes', ['fox', 'es']), end],
      [start, end],
    ],
  } as never)
  expect(words.map(({ from, chunk, kind }) => [from, chunk, kind])).toEqual([
    [0, 0, 'start'],
    [1, 0, 'word'],
    [3, 0, 'end'],
    [4, 1, 'start'],
    [5, 1, 'end'],
  ])
})

it('a word is the sum of its tokens, a mean leaves out steps that read another text, and sizes meet on the finest', () => {
  const wanted = { text: 0, from: 1, count: 2, steps: [0, 1, 2] }
  const fine = meanMap(seen, { ...wanted, size: 0 })
  expect(Array.from(fine)).toEqual([0.4, 0, 0, 0, 0, 0, 0, 0.2].map((value) => expect.closeTo(value, 6)))
  const coarse = meanMap(seen, { ...wanted, size: 1 })
  expect(Array.from(coarse)).toEqual([0.4, 0].map((value) => expect.closeTo(value, 6)))
  const both = meanMap(seen, { ...wanted, size: null })
  const expected = [0.4, 0.2, 0, 0, 0.2, 0.2, 0, 0.1]
  expect(Array.from(both)).toEqual(expected.map((value) => expect.closeTo(value, 6)))
})

it('a word that was looked at everywhere alike is flat', () => {
  expect(isFlat(seen, { text: 1, from: 1, count: 1 })).toBe(true)
  expect(isFlat(seen, { text: 0, from: 1, count: 2 })).toBe(false)
  expect(unevenness(Float32Array.of(1, 3))).toBeCloseTo(0.5, 6)
})
