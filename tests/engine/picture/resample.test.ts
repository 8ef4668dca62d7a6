import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resample, type Resampling } from '../../../src/engine/picture/resample.ts'

/** Numbers of torch and of Pillow; how they were made stands in the file. */
const reference = JSON.parse(readFileSync(new URL('resample.json', import.meta.url), 'utf8')) as {
  height: number
  width: number
  channels: number
  cases: (Resampling & { height: number; width: number; values: number[] })[]
}

describe('a picture at another size', () => {
  const { channels, height, width } = reference
  const data = Float32Array.from(
    { length: channels * height * width },
    (_, i) => Math.sin(i * 1.7) * Math.cos(i * i * 0.11),
  )
  const named = reference.cases.map(
    (of) =>
      [
        `${of.filter}${'antialias' in of && of.antialias ? ' antialiased' : ''} to ${of.height}x${of.width}`,
        of,
      ] as const,
  )

  it.each(named)('is as torch or Pillow has it: %s', (_, of) => {
    const resampling: Resampling =
      of.filter === 'nearest' || of.filter === 'nearest-exact' ? { filter: of.filter } : of
    const found = resample({ data, channels, height, width }, of.height, of.width, resampling)
    of.values.forEach((value, i) => expect(found.data[i]).toBeCloseTo(value, 5))
  })
})
