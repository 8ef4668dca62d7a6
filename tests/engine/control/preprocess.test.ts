import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { preprocess } from '../../../src/engine/control/preprocess/preprocess.ts'
import { controlSchema, preprocessorNames, preprocessors } from '../../../src/shared/request/controls.ts'
import type { Pixels } from '../../../src/shared/engine/engineContract.ts'

interface Reference {
  width: number
  height: number
  canny: { low: number; high: number; edges: string }[]
  lineart: string
  scribble: string
  blur: string
}

let reference: Reference
let picture: Pixels
beforeAll(async () => {
  reference = JSON.parse(await readFile(new URL('preprocess.json', import.meta.url), 'utf8')) as Reference
  const path = fileURLToPath(new URL('../../golden/pipelines/inputs/init_64x96.png', import.meta.url))
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  picture = { width: info.width, height: info.height, data: new Uint8Array(data) }
})

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
/** One channel of a grey picture. */
const greys = ({ data }: Pixels): Uint8Array => data.filter((_, i) => i % 3 === 0)
const furthest = (one: Uint8Array, other: Uint8Array): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)

describe('preprocessors', () => {
  it('find the edges that OpenCV finds, pixel for pixel', () => {
    for (const { low, high, edges } of reference.canny)
      expect(greys(preprocess(picture, 'canny', { low, high }))).toEqual(bytesOf(edges))
  })

  it('draw the lines and strokes of the references', () => {
    expect(
      furthest(greys(preprocess(picture, 'lineart', { sigma: 6 })), bytesOf(reference.lineart)),
    ).toBeLessThanOrEqual(1)
    expect(greys(preprocess(picture, 'scribble', { threshold: 2 }))).toEqual(bytesOf(reference.scribble))
  })

  it('blur as OpenCV does, in float', () => {
    expect(
      furthest(preprocess(picture, 'blur', { sigma: 9 }).data, bytesOf(reference.blur)),
    ).toBeLessThanOrEqual(1)
  })

  it('give squares their mean colour, and tiles what lies between the means', () => {
    const width = 4
    const data = Uint8Array.from({ length: 3 * width * 2 }, (_, i) =>
      i % 3 === 0 ? 20 * Math.floor(i / 3) : 7,
    )
    const small = { width, height: 2, data }
    const reds = (form: 'colour' | 'tile', settings: Record<string, number>): number[] => [
      ...greys(preprocess(small, form, settings)),
    ]
    expect(reds('colour', { square: 2 })).toEqual([50, 50, 90, 90, 50, 50, 90, 90])
    expect(reds('tile', { rate: 2 })).toEqual([50, 60, 80, 90, 50, 60, 80, 90])
    expect(preprocess(small, 'tile', { rate: 1 })).toEqual(small)
  })

  it('keep the size of any picture, a single pixel too', () => {
    for (const [width, height] of [
      [1, 1],
      [1, 9],
      [33, 2],
    ]) {
      const odd = { width, height, data: new Uint8Array(3 * width * height).fill(90) }
      for (const name of preprocessorNames) {
        const settings = Object.entries(preprocessors[name]).map(([key, range]) => [key, range.default])
        const { data } = preprocess(odd, name, Object.fromEntries(settings) as Record<string, number>)
        expect(data).toHaveLength(odd.data.length)
      }
    }
  })
})

describe('a control in a request', () => {
  const given = { model: 'canny', image: { id: 'a'.repeat(64) } }

  it('has the defaults of its preprocessor', () => {
    const { settings, weight, mode } = controlSchema.parse({
      ...given,
      preprocessor: 'canny',
      settings: { low: 40 },
    })
    expect({ settings, weight, mode }).toEqual({
      settings: { low: 40, high: 200 },
      weight: 1,
      mode: 'balanced',
    })
  })

  it.each([
    [{ preprocessor: 'canny', settings: { sigma: 3 } }, 'canny has no setting "sigma"; it has low, high'],
    [{ preprocessor: 'blur', settings: { sigma: NaN } }, 'received NaN'],
    [{ preprocessor: 'blur', settings: { sigma: 99 } }, 'sigma must be from 0.5 to 64, found 99'],
    [{ start: 0.5, end: 0.2 }, 'end must not be before start (0.5), found 0.2'],
    [{ preprocessor: 'depth' }, 'preprocessor'],
  ])('refuses %o', (change, message) => {
    const { error } = controlSchema.safeParse({ ...given, ...change })
    expect(JSON.stringify(error?.issues)).toContain(JSON.stringify(message).slice(1, -1))
  })
})
