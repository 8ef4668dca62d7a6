import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { withinTime } from '../../src/studio/models/folders/timeLimit.ts'

/** Keeps this process from hearing anything, as a machine that sleeps does. */
function heldUp(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

it('an answer that came while the process was held up is not late', async () => {
  const answer = withinTime(
    readFile(import.meta.filename, 'utf8').then(() => 'answered'),
    400,
    'late',
  )
  heldUp(1000)
  expect(await answer).toBe('answered')
})

it('what never answers is late', async () => {
  expect(await withinTime(new Promise(() => {}), 40, 'late')).toBe('late')
})
