import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runGolden } from '../../scripts/golden.ts'

const visible = [
  ['C_tokenizer.json', 189],
  ['D_prompt_syntax.json', 105],
  ['D_chunking.json', 31],
  ['G_images.json', 17],
] as const

it.each(visible)('%s: every case is as the reference projects have it', async (file, count) => {
  const { cases, declined } = await runGolden([join(import.meta.dirname, file)])
  expect(cases.filter(({ pass }) => !pass)).toEqual([])
  expect([cases.length, declined.length]).toEqual([count, 0])
})
