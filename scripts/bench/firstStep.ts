import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { EngineTask } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { writeRandomCheckpoint } from './randomCheckpoint.ts'
import { median, row, seconds } from './report.ts'
import { startWatchedEngine } from './watchedEngine.ts'

/**
 * From the start of the engine's process to the first step of a picture (two evaluations, as guidance takes them), of full
 * checkpoints of random halves on the CPU: what a person waits for after choosing another model. `--families sd15,sdxl`,
 * `--size 512` in pixels, `--runs 3`, `--keep FOLDER` to write the files there and leave them (SD 1.5 2 GB, SDXL 7 GB).
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: {
    families: { type: 'string', default: 'sd15,sdxl' },
    size: { type: 'string', default: '512' },
    runs: { type: 'string', default: '3' },
    keep: { type: 'string' },
  },
})
const families: Record<string, { keys: 'sd15.json' | 'sdxl_base.json'; target: string }> = {
  sd15: { keys: 'sd15.json', target: '6 s' },
  sdxl: { keys: 'sdxl_base.json', target: '15 s' },
}

/** Ms since the process was started. */
interface Waited {
  asked: number
  encoding: number
  denoising: number
  evaluations: [number, number]
}

const folder = chosen.keep ?? (await mkdtemp(join(tmpdir(), 'latent-studio-bench-')))
try {
  await mkdir(folder, { recursive: true })
  for (const name of chosen.families.split(',')) await report(name)
  row('load of the machine, runnable threads', loadavg()[0].toFixed(1))
} finally {
  if (chosen.keep === undefined) await rm(folder, { recursive: true, force: true })
}

async function report(name: string): Promise<void> {
  const { keys, target } = families[name]
  const path = join(folder, `${name}-random.safetensors`)
  if (!existsSync(path)) await writeRandomCheckpoint(path, keys)
  const waits: Waited[] = []
  for (let run = 0; run < Number(chosen.runs); run++) waits.push(await untilFirstStep(path))
  if (chosen.keep === undefined) await rm(path)
  const middle = (of: (waited: Waited) => number): string => seconds(median(waits.map(of)))
  const side = Number(chosen.size)
  console.log(
    `${name}, ${side}×${side}, cpu, ${cpus().length} × ${cpus()[0]?.model.trim()}, median of ${chosen.runs}`,
  )
  row(
    'process to its first answer',
    middle(({ asked }) => asked),
  )
  row(
    'checkpoint read',
    middle(({ asked, encoding }) => encoding - asked),
  )
  row(
    'text encoders opened and run',
    middle(({ encoding, denoising }) => denoising - encoding),
  )
  row(
    'U-Net opened and run once',
    middle(({ denoising, evaluations: [first] }) => first - denoising),
  )
  row(
    'its second evaluation',
    middle(({ evaluations: [first, second] }) => second - first),
  )
  row('process to the first step', `${middle(({ evaluations: [, second] }) => second)} (target ${target})`)
}

async function untilFirstStep(modelPath: string): Promise<Waited> {
  const began = performance.now()
  const since = (): number => performance.now() - began
  const at = new Map<string, number>()
  const evaluations: number[] = []
  const step = Promise.withResolvers<void>()
  const engine = startWatchedEngine({
    progress: ({ phase }) => void (at.has(phase) || at.set(phase, since())),
    evaluated: () => evaluations.push(since()) === 2 && step.resolve(),
  })
  try {
    await engine.calls.ping()
    const asked = since()
    await Promise.race([step.promise, engine.calls.run(taskOf(modelPath))])
    const [first, second] = evaluations
    return {
      asked,
      encoding: at.get('encoding')!,
      denoising: at.get('denoising')!,
      evaluations: [first, second],
    }
  } finally {
    engine.stop()
  }
}

function taskOf(modelPath: string): EngineTask {
  const side = Number(chosen.size)
  const request = generationRequestSchema.parse({ prompt: 'a red fox on a hill at sunset' })
  return {
    ...{ jobId: 'bench', modelPath, device: 'cpu', isDraft: false, firstImage: 0 },
    ...{ initImage: null, mask: null, controls: [], adapters: [], embeddings: [], vaePath: null },
    ...{ hiresUpscaler: null, upscaler: null },
    request: { ...request, seed: 1, width: side, height: side },
  }
}
