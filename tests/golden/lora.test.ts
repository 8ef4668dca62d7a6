import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runGolden } from '../../scripts/golden.ts'

it('every adapter, live and merged, gives what the reference projects give', async () => {
  const { cases, declined } = await runGolden([join(import.meta.dirname, 'lora')])
  expect(cases.filter(({ pass }) => !pass)).toEqual([])
  expect([cases.length, declined.length]).toEqual([64, 0])
}, 1_200_000)
