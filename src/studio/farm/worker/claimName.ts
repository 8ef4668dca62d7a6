import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/**
 * A name for a worker that got none: its machine and the first number that no other running worker of the folder has. So it
 * has the same one after a restart, and stays paused.
 */
export function claimName(folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (let number = 1; ; number++) {
    const file = join(folder, `worker-${number}.pid`)
    if (isAlive(readPid(file))) continue
    writeFileSync(file, String(process.pid))
    return `${hostname()}-${number}`
  }
}

function readPid(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8')) || null
  } catch {
    return null
  }
}

function isAlive(pid: number | null): boolean {
  if (pid === null || pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
