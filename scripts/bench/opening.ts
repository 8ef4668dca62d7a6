import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Widening } from '../../src/engine/model/networks/networks.ts'
import { engineEnvironment } from '../../src/studio/engine/engineProcess.ts'
import type { OpeningReport } from './openingRun.ts'
import { writeRandomUnet } from './randomUnet.ts'
import { row, seconds } from './report.ts'

/**
 * A full-size U-Net from a file of random halves on the CPU: how long until it is open, until its first step (two
 * evaluations) is done and for an evaluation after it, and its own memory at the most. Times are on the clock, and in
 * brackets of all cores together; ratios are to weights that are widened at opening, in huge pages. Linux. `--family sd15`
 * or `sdxl`, `--side 64` in latents, `--checkpoint FILE` to keep the file.
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: {
    family: { type: 'string', default: 'sd15' },
    side: { type: 'string', default: '64' },
    checkpoint: { type: 'string' },
  },
})
const folder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
try {
  const checkpoint = chosen.checkpoint ?? join(folder, 'random.safetensors')
  const keys = chosen.family === 'sdxl' ? 'sdxl_base.json' : 'sd15.json'
  if (!existsSync(checkpoint)) await writeRandomUnet(checkpoint, keys)
  const small = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' }
  const { family, side } = chosen
  console.log(`${family} U-Net, random fp16 weights, ${side}×${side} latents, cpu`)
  const usual = await measure(checkpoint, 'at opening')
  tell('widened at opening, huge pages', usual, usual)
  tell('widened at opening, small pages', await measure(checkpoint, 'at opening', small), usual)
  tell('layer by layer in the run', await measure(checkpoint, 'in the run'), usual)
  tell('beside the run', await measure(checkpoint, 'beside the run'), usual)
} finally {
  await rm(folder, { recursive: true, force: true })
}

function tell(way: string, found: OpeningReport, usual: OpeningReport): void {
  const both = (of: keyof OpeningReport, say: (value: number) => string): string =>
    `${say(found[of])} ×${(found[of] / usual[of]).toFixed(2)}`
  const clockAndCores = (clock: keyof OpeningReport, cores: keyof OpeningReport): string =>
    `${both(clock, seconds)} [${both(cores, seconds)}]`
  row(way, `open ${clockAndCores('openMs', 'openCpuMs')}, first step ${both('firstStepMs', seconds)}`)
  row('', `evaluation ${clockAndCores('runMs', 'runCpuMs')}, widened after ${seconds(found.widenedMs)}`)
  row('', `memory ${both('peakBytes', (bytes) => `${(bytes / 2 ** 30).toFixed(2)} GiB`)}`)
}

/** In a process of its own, whose memory is the U-Net's alone. */
function measure(
  checkpoint: string,
  widening: Widening,
  env: NodeJS.ProcessEnv = {},
): Promise<OpeningReport> {
  const program = fileURLToPath(new URL('./openingRun.ts', import.meta.url))
  const child = fork(program, [checkpoint, widening, chosen.side], {
    env: { ...engineEnvironment(), ...env },
  })
  return new Promise((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void)
    child.once('exit', (code) => reject(new Error(`the measured process ended with exit code ${code}`)))
  })
}
