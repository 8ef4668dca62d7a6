import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('the engine process', () => {
  it.skipIf(process.platform === 'win32')(
    'ends when its studio is killed, even while it hears nothing',
    async () => {
      const abandoning = spawn(process.execPath, [
        fileURLToPath(new URL('fixtures/abandonedEngine.ts', import.meta.url)),
      ])
      const [told] = (await once(abandoning.stdout, 'data')) as [Buffer]
      const engine = Number(String(told))
      expect(isAlive(engine)).toBe(true)
      await once(abandoning, 'exit')
      await vi.waitFor(() => expect(isAlive(engine)).toBe(false), { timeout: 10_000, interval: 100 })
    },
  )
})
