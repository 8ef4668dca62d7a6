import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { engineEnvironment } from '../../src/studio/engine/engineProcess.ts'
import { writeRandomUnet } from './randomUnet.ts'
import { printKernels, totalOf } from './kernels.ts'
import { row, seconds } from './report.ts'
import type { Stage, UnetReport } from './unetRun.ts'

/**
 * A full-size U-Net with random half-precision weights in a checkpoint on disk: how long until its graph is built and
 * its session runs, one evaluation, and what memory it takes. `--family sd15` or `sdxl`, `--latents` a side (64 is
 * 512 pixels), `--device`, `--turbo`. On a graphics card, or with `--together`, also guidance both ways: its two evaluations
 * one after the other, and in one run.
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: {
    family: { type: 'string', default: 'sd15' },
    latents: { type: 'string', default: '64' },
    device: { type: 'string', default: 'cpu' },
    turbo: { type: 'boolean', default: false },
    together: { type: 'boolean', default: false },
  },
})
const families: Record<string, { name: string; keys: string; pooledWidth: number }> = {
  sd15: { name: 'SD 1.5', keys: 'sd15.json', pooledWidth: 0 },
  sdxl: { name: 'SDXL', keys: 'sdxl_base.json', pooledWidth: 1280 },
}
const family = families[chosen.family]

const folder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
try {
  const checkpoint = join(folder, 'random.safetensors')
  const elements = await writeRandomUnet(checkpoint, family.keys)
  printReport(await runAlone(checkpoint), elements)
} finally {
  await rm(folder, { recursive: true, force: true })
}

function printReport({ stages, ...report }: Measured, elements: number): void {
  const weights = elements * 4
  const memory = ({ own, mapped }: Memory): string =>
    `${(own / 2 ** 30).toFixed(2)} GiB, ${(own / weights).toFixed(2)} × fp32 weights` +
    ` (and ${(mapped / 2 ** 30).toFixed(2)} GiB of mapped files)`
  const size = `${chosen.latents}×${chosen.latents} latents`
  console.log(
    `${family.name} U-Net, ${(elements / 1e6).toFixed(0)} M random fp16 weights, ${size}, ${report.device}`,
  )
  row('checkpoint to graph', `${report.graphMs.toFixed(0)} ms (target under 300)`)
  row('graph to session', seconds(report.sessionMs))
  row('one evaluation, as the studio runs it (median)', seconds(report.runMs))
  if (report.guidance) {
    const { inTurnMs, togetherMs } = report.guidance
    row('guidance, one evaluation after the other', seconds(inTurnMs))
    row('guidance in one run', `${seconds(togetherMs)}, ${(togetherMs / inTurnMs).toFixed(3)} of that`)
  }
  row('one evaluation of the whole in one session', seconds(report.profiledRunMs))
  const kernels = new Map(report.kernels)
  if (kernels.size > 0) {
    row("programs of the card, by the card's own clock", seconds(totalOf(kernels) / 1000))
    printKernels(kernels, 12)
  }
  const ratio = report.profiledRunMs / report.nodeMs
  row("that over the sum of ONNX Runtime's nodes", `${ratio.toFixed(3)} (target at most 1.02)`)
  row('memory, peak while loading', `${memory(stages.loading)}; target at most 1.35`)
  row('memory once loaded', `${memory(stages.loaded)}; target at most 1.15`)
  row('memory, peak while evaluating', memory(stages.running))
  row('memory after release', memory(stages.released))
}

/** Bytes of a process: its own, and of files mapped into it, which the system can take back at any time. */
interface Memory {
  own: number
  mapped: number
}

type Measured = UnetReport & { stages: Record<Stage, Memory> }

/** Measured in a process of its own, whose memory is the session's alone; watched from here, as it is deaf at work. */
function runAlone(checkpoint: string): Promise<Measured> {
  const switches = (['turbo', 'together'] as const).filter((name) => chosen[name])
  const args = [checkpoint, chosen.device, chosen.latents, String(family.pooledWidth), ...switches]
  const child = fork(fileURLToPath(new URL('./unetRun.ts', import.meta.url)), args, {
    env: engineEnvironment(),
  })
  const stages = {} as Record<Stage, Memory>
  let stage: Stage | null = null
  const look = (): void => {
    const now = stage && memoryOf(child.pid!)
    if (!stage || !now) return
    const peaks = stage === 'loading' || stage === 'running'
    stages[stage] = peaks && stages[stage] && stages[stage].own > now.own ? stages[stage] : now
  }
  const watch = setInterval(look, 10)
  return new Promise((resolve, reject) => {
    child.on('message', (message: Stage | UnetReport) => {
      look()
      if (typeof message === 'string') stage = message
      else resolve({ ...message, stages })
    })
    child.once('exit', (code) => {
      clearInterval(watch)
      reject(new Error(`the measured process ended with exit code ${code}`))
    })
  })
}

/** Linux tells the two apart; elsewhere nothing is known of another process. */
function memoryOf(pid: number): Memory | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const bytes = (name: string): number => 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1])
    return { own: bytes('RssAnon'), mapped: bytes('RssFile') }
  } catch {
    return null
  }
}
