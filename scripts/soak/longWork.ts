import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findNodeBinary } from '../../src/studio/paths.ts'

/** Runs many tiny jobs in a process of its own, which prints how its memory grew. */
export async function workForLong(jobs: number): Promise<void> {
  const program = fileURLToPath(new URL('manyJobs.ts', import.meta.url))
  execFileSync(findNodeBinary(), ['--expose-gc', program, String(jobs)], { stdio: 'inherit' })
}
