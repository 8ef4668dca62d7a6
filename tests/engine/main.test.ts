import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Waits until nobody waits for this engine any more, and then for its end. */
async function untilItEnds(trouble: string, path = ''): Promise<void> {
  const program = fileURLToPath(new URL('fixtures/abandonedEngine.ts', import.meta.url))
  const abandoning = spawn(process.execPath, [program, trouble, path])
  const ended = once(abandoning, 'exit')
  const [told] = (await once(abandoning.stdout, 'data')) as [Buffer]
  const engine = Number(String(told))
  onTestFinished(() => void (isAlive(engine) && process.kill(engine, 'SIGKILL')))
  await ended
  await vi.waitFor(() => expect(isAlive(engine)).toBe(false), { timeout: 100_000, interval: 100 })
}

const options = { skip: process.platform === 'win32', timeout: 120_000 }

describe('the engine process ends when its studio is killed', options, () => {
  it('even while it hears nothing', () => untilItEnds('busy'))

  it('even while a read does not end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latent-studio-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await untilItEnds('reading', join(folder, 'pipe'))
  })
})
