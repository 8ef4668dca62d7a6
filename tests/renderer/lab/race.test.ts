import { describe, expect, it } from 'vitest'
import type { RaceChoices } from '../../../src/shared/calls/raceCalls.ts'
import { samplers, schedules } from '../../../src/shared/models/samplers.ts'
import { distance } from '../../../src/renderer/lab/maths/distance.ts'
import { errorRange, logTicks } from '../../../src/renderer/lab/race/logAxis.ts'
import { orderOf, verdictOf } from '../../../src/renderer/lab/race/measures.ts'
import { problemOf, readRacers, usualRacers, writeRacers } from '../../../src/renderer/lab/race/racers.ts'
import { readNumbers } from '../../../src/renderer/lab/race/settings.ts'

describe('measures', () => {
  it('distance is the root of the mean square: of a constant offset that offset, of opposite waves √2', () => {
    const zeros = new Float32Array(1000)
    expect(
      distance(
        zeros,
        zeros.map(() => 0.25),
      ),
    ).toBeCloseTo(0.25, 12)
    const wave = Float64Array.from({ length: 1000 }, (_, i) => Math.sin((2 * Math.PI * i) / 1000))
    expect(
      distance(
        wave,
        wave.map((value) => -value),
      ),
    ).toBeCloseTo(Math.SQRT2, 12)
    expect(distance(wave, wave)).toBe(0)
  })

  it.each([0.5, 1, 2, 3])('errors that fall as evaluations^-%d have that order', (order) => {
    const points = [3, 7, 16, 31].map((evaluations) => ({ evaluations, error: 5 * evaluations ** -order }))
    expect(orderOf(points)).toBeCloseTo(order, 12)
  })

  it('one more order of noise moves the slope as least squares do', () => {
    // ln error = 1, 0, 1 over ln evaluations = 0, 1, 2: the line is level.
    const level = [1, 0, 1].map((log, i) => ({ evaluations: Math.exp(i), error: Math.exp(log) }))
    expect(orderOf(level)).toBeCloseTo(0, 12)
    const rises = level.with(2, { evaluations: Math.exp(2), error: Math.exp(3) })
    expect(orderOf(rises)).toBeCloseTo(-1, 12)
  })

  it('there is no order of one number of evaluations, nor of an error of nothing', () => {
    expect(orderOf([])).toBeNull()
    expect(orderOf([{ evaluations: 4, error: 1 }])).toBeNull()
    expect(orderOf([4, 4].map((evaluations, i) => ({ evaluations, error: i + 1 })))).toBeNull()
    expect(orderOf([4, 8].map((evaluations, i) => ({ evaluations, error: i })))).toBeNull()
  })

  it('verdicts follow what was measured: noise first, then the slope', () => {
    const falling = [4, 8].map((evaluations) => ({ evaluations, error: 1 / evaluations, spread: 0 }))
    expect(verdictOf(falling)).toBe('converges')
    expect(verdictOf(falling.map((point) => ({ ...point, error: 0.3 })))).toBe('stays')
    expect(verdictOf(falling.slice(1))).toBe('open')
    // However its error falls.
    expect(verdictOf(falling.with(0, { ...falling[0], spread: 0.2 }))).toBe('wanders')
  })
})

describe('racers in an address', () => {
  it('every sampler and schedule comes back as it was written', () => {
    for (const { name: sampler } of samplers) {
      const racers = schedules.slice(0, 12).map(({ name: schedule }) => ({ sampler, schedule }))
      const query = new URLSearchParams({ racers: writeRacers(racers) }).toString()
      expect(readRacers(new URLSearchParams(query).get('racers')!).racers).toEqual(racers)
    }
  })

  it('other spellings are read; what is none, is twice or is too many is told', () => {
    expect(readRacers('dpmpp_2m/karras, heun ,')).toEqual({
      racers: [
        { sampler: 'DPM++ 2M', schedule: 'Karras' },
        { sampler: 'Heun', schedule: 'Automatic' },
      ],
      unknown: [],
      repeated: [],
      tooMany: [],
    })
    expect(readRacers('Euler/Normal,Warp/Normal,Euler/Sideways,k_euler/normal,a/b/c')).toMatchObject({
      racers: [{ sampler: 'Euler', schedule: 'Normal' }],
      unknown: ['Warp/Normal', 'Euler/Sideways', 'a/b/c'],
      repeated: ['k_euler/normal'],
    })
    const many = schedules.slice(0, 14).map(({ name }) => `Euler/${name}`)
    expect(readRacers(many.join()).tooMany).toEqual(many.slice(12))
  })

  it('of the usual ones those race that the model takes', () => {
    const refuses = (...names: string[]): RaceChoices => {
      const choice = <Name extends string>({ name }: { name: Name }) => ({
        name,
        problem: names.includes(name) ? { code: 'bad-request' as const, message: `no ${name}` } : null,
      })
      return { samplers: samplers.map(choice), schedules: schedules.map(choice) }
    }
    expect(usualRacers(refuses('DPM++ SDE', 'Karras')).map(({ sampler }) => sampler)).toEqual([
      'Euler',
      'Heun',
      'UniPC bh2',
      'Euler a',
    ])
    expect(problemOf({ sampler: 'Euler', schedule: 'Karras' }, refuses('Karras'))?.message).toBe('no Karras')
  })

  it('numbers out of their range are told, and what is taken', () => {
    expect(readNumbers({ evaluations: 32, reference: 200 })).toEqual({
      most: 32,
      reference: 200,
      changed: [],
    })
    const { changed, ...taken } = readNumbers({ evaluations: 33, reference: 1000 })
    expect(taken).toEqual({ most: 64, reference: 200 })
    expect(changed).toEqual([
      { name: 'evaluations', asked: 33, taken: 64 },
      { name: 'reference', asked: 1000, taken: 200 },
    ])
    expect(readNumbers({ evaluations: 500, reference: -3 })).toMatchObject({ most: 64, reference: 2 })
  })
})

it('an axis of errors holds them all, and is marked at powers of ten where it holds three', () => {
  const range = errorRange([0.003, 0.4, NaN])
  expect(range.from).toBeLessThan(0.003)
  expect(range.to).toBeGreaterThan(0.4)
  expect(logTicks({ from: 0.0009, to: 2 })).toEqual([0.001, 0.01, 0.1, 1])
  expect(logTicks({ from: 0.04, to: 0.3 })).toEqual([0.05, 0.1, 0.2])
})
