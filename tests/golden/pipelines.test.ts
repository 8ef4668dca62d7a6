import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runGolden } from '../../scripts/golden.ts'

const visible = [
  ['sd15_runs.json', 8],
  ['sd15_inpaint_runs.json', 2],
  ['sd2_runs.json', 6],
  ['sdxl_runs.json', 6],
] as const

it.each(visible)(
  '%s: every run is the one of the diffusers pipelines, from the prompt to the PNG',
  async (file, count) => {
    const { cases, declined } = await runGolden([join(import.meta.dirname, 'pipelines', file)])
    expect(cases.filter(({ pass }) => !pass)).toEqual([])
    expect([cases.length, declined.length]).toEqual([count, 0])
  },
  60_000,
)
