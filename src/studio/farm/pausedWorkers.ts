import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileDurably } from '../files.ts'

/** The names of workers that a person has paused, in a file of the data folder: they stay so over restarts. */
export interface PausedWorkers {
  has(name: string): boolean
  /** Throws `disk-full`, `read-only`. */
  set(name: string, isPaused: boolean): Promise<void>
}

const named = z.object({ paused: z.array(z.string()) })

export function openPausedWorkers(dataFolder: string): PausedWorkers {
  const file = join(dataFolder, 'farm.json')
  const names = new Set(read(file))
  return {
    has: (name) => names.has(name),
    async set(name, isPaused) {
      if (isPaused) names.add(name)
      else names.delete(name)
      await writeFileDurably(file, JSON.stringify({ paused: [...names] }), 'farm')
    },
  }
}

/** A file that is missing or damaged pauses nobody. */
function read(file: string): string[] {
  try {
    return named.parse(JSON.parse(readFileSync(file, 'utf8'))).paused
  } catch {
    return []
  }
}
