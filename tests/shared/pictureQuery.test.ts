import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery, type Condition } from '../../src/shared/pictureQuery/parseQuery.ts'
import { readQuery } from '../../src/shared/pictureQuery/readQuery.ts'

const words = (text: string) => ({ kind: 'words', text, isNegated: false })
const open = { isMinOpen: false, isMaxOpen: false }
const number = (field: string, range: object) => ({
  kind: 'number',
  field,
  ranges: [{ min: null, max: null, ...open, ...range }],
  isNegated: false,
})
const names = (field: string, values: string[], isWhole = false) => ({
  kind: 'text',
  field,
  values,
  isWhole,
  isNegated: false,
})
const days = (range: object) => ({
  kind: 'days',
  ranges: [{ min: null, max: null, ...open, ...range }],
  isNegated: false,
})

describe('a search of the library', () => {
  it.each<[string, unknown[]]>([
    ['', []],
    ['red house', [words('red house')]],
    ['red house ', [words('red house ')]],
    ['"steps>30"', [words('steps>30 ')]],
    ['red <lora:a:1>', [words('red <lora:a:1>')]],
    ['(red:1.2), [a|b]', [words('(red:1.2), [a|b]')]],
    ['a girl: blue', [words('a girl: blue')]],
    ['一个红色', [words('一个红色')]],
    ['-cat', [{ kind: 'words', text: 'cat', isNegated: true }]],
    ['half-cat', [words('half-cat')]],
    ['prompt:"red house"', [words('red house ')]],
    ['steps>30', [number('steps', { min: 30, isMinOpen: true })]],
    ['steps > 30', [number('steps', { min: 30, isMinOpen: true })]],
    ['Steps >= 30 red', [words('red'), number('steps', { min: 30 })]],
    ['cfg<7.5', [number('guidance', { max: 7.5, isMaxOpen: true })]],
    ['cfg<=7', [number('guidance', { max: 7 })]],
    ['steps:20', [number('steps', { min: 20, max: 20 })]],
    ['steps=20..30', [number('steps', { min: 20, max: 30 })]],
    ['steps:..30', [number('steps', { max: 30 })]],
    ['stars:4', [number('rating', { min: 4, max: 4 })]],
    ['seed:18446744073709551615', [{ kind: 'seed', values: ['18446744073709551615'], isNegated: false }]],
    ['seed:007', [{ kind: 'seed', values: ['7'], isNegated: false }]],
    ['variationseed:007', [{ kind: 'variationSeed', values: ['7'], isNegated: false }]],
    [
      'negative:blur,ugly',
      [{ kind: 'negative', values: ['blur', 'ugly'], isWhole: false, isNegated: false }],
    ],
    ['-neg="bad hands"', [{ kind: 'negative', values: ['bad hands'], isWhole: true, isNegated: true }]],
    ['ControlNet:depth', [names('control', ['depth'])]],
    ['hiressteps>10', [number('hiressteps', { min: 10, isMinOpen: true })]],
    ['size:512x768', [{ kind: 'size', values: [{ width: 512, height: 768 }], isNegated: false }]],
    ['sampler:euler,heun', [names('sampler', ['euler', 'heun'])]],
    ['sampler="Euler a" cat', [words('cat'), names('sampler', ['Euler a'], true)]],
    ['model:"a, b"', [names('model', ['a, b'])]],
    ['-tag:cat', [{ ...names('tag', ['cat']), isNegated: true }]],
    ['is:rated,tagged', [{ kind: 'flag', values: ['rated', 'tagged'], isNegated: false }]],
    ['date:2026', [days({ min: 20260101, max: 20261231 })]],
    ['date:2024-02', [days({ min: 20240201, max: 20240229 })]],
    ['date>2026-06', [days({ min: 20260630, isMinOpen: true })]],
    ['date<2026-06-15', [days({ max: 20260615, isMaxOpen: true })]],
    ['date:2026-06..2026-07', [days({ min: 20260601, max: 20260731 })]],
  ])('%s', (text, expected) => {
    expect(parseQuery(text)).toEqual({ conditions: expected, problem: null })
  })

  it.each([
    ['cat stepps>30', 'unknownField', 4, 13],
    ['steps:', 'noValue', 0, 6],
    ['steps:many', 'noNumber', 0, 10],
    ['date:2026-02-30', 'noDate', 0, 15],
    ['date:soon', 'noDate', 0, 9],
    ['size:512', 'noSize', 0, 8],
    ['seed:first', 'noSeed', 0, 10],
    ['is:nice', 'noFlag', 0, 7],
    ['red sampler>euler', 'noOrder', 4, 17],
  ])('cannot be read: %s', (text, kind, start, end) => {
    expect(parseQuery(text)).toMatchObject({ conditions: null, problem: { kind, start, end } })
  })

  it('says what cannot be read, where, and what to write', () => {
    expect(() => readQuery('cat stepps>30')).toThrow(
      'The search, at character 5: there is no parameter "stepps"; the nearest are steps',
    )
    expect(() => readQuery('steps:many')).toThrow('a number or a range (20..30), found "many"')
  })

  it('never throws, whatever is written, and a problem lies within it', () => {
    const piece = fc.constantFrom(
      'steps',
      'is',
      'a',
      ':',
      '=',
      '>',
      '<',
      ' ',
      '"',
      ',',
      '..',
      '-',
      '5',
      '一',
      'date',
      '2026',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (written) => {
        const { problem } = parseQuery(written)
        if (!problem) return
        expect(problem.start).toBeGreaterThanOrEqual(0)
        expect(problem.end).toBeGreaterThan(problem.start)
        expect(problem.end).toBeLessThanOrEqual(written.length)
      }),
    )
  })

  it('reads every word in quotes as a word', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((word) => !word.includes('"')),
        (word) => {
          const conditions = parseQuery(`"${word}"`).conditions as Condition[]
          expect(conditions.every(({ kind }) => kind === 'words')).toBe(true)
        },
      ),
    )
  })
})
