import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runGolden } from '../../scripts/golden.ts'

/** Kinds A, B and E: how many cases each file holds, and how many of them are declined with a reason. */
const visible = [
  ['A_betas.json', 9, 0],
  ['A_diffusers.json', 512, 0],
  ['A_kdiffusion_a1111.json', 255, 0],
  ['A_comfy.json', 274, 2],
  ['B_bank.json', 18, 0],
  ['B_kdiffusion_a1111.json', 106, 1],
  ['B_comfy.json', 87, 2],
  ['B_diffusers.json', 144, 1],
  ['E_torch_rng.json', 146, 0],
  ['E_nv_philox.json', 30, 0],
  ['E_variation_seed.json', 24, 0],
  ['E_brownian_tree.json', 12, 0],
] as const

it.each(visible)('%s: every case is as the reference projects have it', async (file, count, left) => {
  const { cases, declined } = await runGolden([join(import.meta.dirname, file)])
  expect(cases.filter(({ pass }) => !pass)).toEqual([])
  expect([cases.length, declined.length]).toEqual([count, left])
})
