import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileDurably } from '../files.ts'
import { saying, type Saying } from '../../shared/notices.ts'

/** The names of workers that a person has paused, in a file of the data folder: they stay so over restarts. */
export interface PausedWorkers {
  has(name: string): boolean
  /** Throws `disk-full`, `read-only`. */
  set(name: string, isPaused: boolean): Promise<void>
  /** Why it is not known who was paused; null: it is. */
  problem: Saying | null
}

const named = z.object({ paused: z.array(z.string()) })

export function openPausedWorkers(dataFolder: string): PausedWorkers {
  const file = join(dataFolder, 'farm.json')
  const { paused, problem } = read(file)
  const names = new Set(paused)
  return {
    problem,
    has: (name) => names.has(name),
    async set(name, isPaused) {
      if (isPaused) names.add(name)
      else names.delete(name)
      await writeFileDurably(file, JSON.stringify({ paused: [...names] }), 'farm')
    },
  }
}

function read(file: string): { paused: string[]; problem: Saying | null } {
  try {
    // Whoever opens a pipe waits for its other end.
    if (!statSync(file).isFile()) throw new Error('it is no file')
    return { ...named.parse(JSON.parse(readFileSync(file, 'utf8'))), problem: null }
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return { paused: [], problem: null }
    return {
      paused: [],
      problem: saying('pausesUnread', { file }),
    }
  }
}
