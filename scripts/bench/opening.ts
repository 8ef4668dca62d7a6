import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineEnvironment } from '../../src/studio/engine/engineProcess.ts'
import type { OpeningReport } from './openingRun.ts'
import { writeRandomUnet } from './randomUnet.ts'
import { row, seconds } from './report.ts'

/**
 * A full-size SD 1.5 U-Net from a file of random halves on the CPU: how long until it is open and until its first
 * evaluation at 64x64 latents is done, and its own memory at the most. Ratios are to the way the studio opens it. Linux.
 */
const folder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
try {
  const checkpoint = join(folder, 'random.safetensors')
  await writeRandomUnet(checkpoint, 'sd15.json')
  const small = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' }
  // The first process also pays for what the system has not had in memory before.
  await measure(checkpoint, {})
  const usual = await measure(checkpoint, {})
  console.log('SD 1.5 U-Net, random fp16 weights, 64×64 latents, cpu')
  tell('as the studio opens it', usual, usual)
  tell('in small pages', await measure(checkpoint, small), usual)
} finally {
  await rm(folder, { recursive: true, force: true })
}

function tell(way: string, found: OpeningReport, usual: OpeningReport): void {
  const both = (of: keyof OpeningReport, say: (value: number) => string): string =>
    `${say(found[of])} (${(found[of] / usual[of]).toFixed(2)})`
  const memory = both('peakBytes', (bytes) => `${(bytes / 2 ** 30).toFixed(2)} GiB`)
  row(way, `open ${both('openMs', seconds)}, evaluation ${both('runMs', seconds)}, memory ${memory}`)
}

/** In a process of its own, whose memory is the U-Net's alone. */
function measure(checkpoint: string, env: NodeJS.ProcessEnv): Promise<OpeningReport> {
  const child = fork(fileURLToPath(new URL('./openingRun.ts', import.meta.url)), [checkpoint], {
    env: { ...engineEnvironment(), ...env },
  })
  return new Promise((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void)
    child.once('exit', (code) => reject(new Error(`the measured process ended with exit code ${code}`)))
  })
}
