import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runGolden } from '../../scripts/golden.ts'

const visible = [
  ['formula_checks.json', 69, 0],
  ['networks/zimage_tokenizer.json', 94, 0],
  ['networks/zimage_text_encoder.json', 12, 0],
  ['networks/zimage_transformer.json', 6, 0],
  ['networks/zimage_vae.json', 3, 0],
  ['zimage_runs.json', 12, 0],
  ['networks/flux2klein_tokenizer.json', 94, 0],
  ['networks/flux2klein_text_encoder.json', 12, 0],
  ['networks/flux2klein_transformer.json', 5, 0],
  ['networks/flux2klein_vae.json', 3, 0],
  ['flux2klein_runs.json', 13, 0],
  ['single_files_reference.json', 10, 0],
  ['keys/zimage_turbo_transformer.json', 2, 0],
  ['keys/flux2_klein_4b_transformer.json', 2, 0],
  ['keys/vae_flux1.json', 3, 0],
  ['keys/vae_flux2.json', 3, 0],
  ['keys/qwen3_4b_text_encoder.json', 1, 0],
] as const

it.each(visible)('%s: flow matching, Qwen3, Z-Image and FLUX.2-klein as in diffusers', async (file, passing, declining) => {
  const { cases, declined } = await runGolden([join(import.meta.dirname, 'dit', file)])
  expect(cases.filter(({ pass }) => !pass)).toEqual([])
  expect([cases.length, declined.length]).toEqual([passing, declining])
})
