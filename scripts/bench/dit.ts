import { existsSync } from 'node:fs'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { cpus, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { EngineTask } from '../../src/shared/engine/engineContract.ts'
import type { Timings } from '../../src/shared/library/history.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { writeRandomDit, type DitName } from './randomDit.ts'
import type { StoredForm } from './randomWeights.ts'
import { row, seconds } from './report.ts'
import { startWatchedEngine, type WatchedEngine } from './watchedEngine.ts'

/**
 * A full-size transformer with random weights, its text encoder of the same form and its autoencoder: how long each takes to
 * open and to run, what is estimated and what the engine's process takes. At a low priority; Linux. `--form Q8_0`, `Q4_0`,
 * `int8` (a factor a row), `fp8` or `F16`, `--sizes 512,768x1024`, `--steps 1`, `--turbo`, `--keep FOLDER` to write the files
 * there and leave them.
 */
export async function benchDit(name: DitName): Promise<void> {
  const { values: chosen } = parseArgs({
    args: process.argv.slice(3),
    options: {
      form: { type: 'string', default: 'Q8_0' },
      sizes: { type: 'string', default: '512' },
      steps: { type: 'string', default: '1' },
      turbo: { type: 'boolean', default: false },
      keep: { type: 'string' },
    },
  })
  setPriority(10)
  const form = chosen.form as StoredForm
  const folder = chosen.keep ?? (await mkdtemp(join(tmpdir(), 'latent-studio-bench-')))
  try {
    const path = await modelIn(join(folder, `${name}-${form}`), name, form)
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}`
    console.log(`${name}, ${form}${chosen.turbo ? ', Turbo' : ''}, random weights, cpu, ${machine}`)
    for (const size of chosen.sizes.split(',')) {
      const [width, height = width] = size.split('x').map(Number)
      await measure(taskOf(path, { width, height, steps: Number(chosen.steps), turbo: chosen.turbo }))
    }
  } finally {
    if (chosen.keep === undefined) await rm(folder, { recursive: true, force: true })
  }
}

/** Bytes of both networks and the autoencoder at two bytes a number, which is the most that is asked for. */
const mostBytes = 22e9

async function modelIn(folder: string, name: DitName, form: StoredForm): Promise<string> {
  const { bavail, bsize } = await statfs(tmpdir())
  if (!existsSync(folder) && bavail * bsize < mostBytes)
    throw new Error(`There are only ${gibibytes(bavail * bsize)} for the files of the model.`)
  return writeRandomDit(folder, name, form)
}

function taskOf(
  modelPath: string,
  asked: { width: number; height: number; steps: number; turbo: boolean },
): EngineTask {
  const model = { sampler: 'Model default', schedule: 'Model default', guidanceScale: 1 } as const
  const request = generationRequestSchema.parse({ prompt: 'a red fox on a hill', ...model, ...asked })
  return {
    ...{ jobId: 'bench', modelPath, device: 'cpu', isDraft: false, firstImage: 0 },
    ...{ initImage: null, mask: null, controls: [], adapters: [], embeddings: [], vaePath: null },
    ...{ hiresUpscaler: null, upscaler: null },
    request: { ...request, seed: 1, width: asked.width, height: asked.height },
  }
}

async function measure(task: EngineTask): Promise<void> {
  const engine = startWatchedEngine()
  try {
    const estimate = await engine.calls.estimate(task)
    await engine.calls.run(task)
    const { width, height, steps } = task.request
    console.log(` ${width}×${height}, ${steps} ${steps === 1 ? 'step' : 'steps'}`)
    tell(engine, estimate?.peakBytes ?? null)
  } finally {
    engine.stop()
  }
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`

function tell({ images: [image], phases, residentPeak }: WatchedEngine, estimate: number | null): void {
  const { timings } = image
  const stages = [
    ['text encoder', 'encoding', 'textEncode'],
    ['transformer', 'denoising', 'denoise'],
    ['decoder', 'decoding', 'decode'],
  ] as const
  for (const [what, phase, timing] of stages) {
    const { ms = 0, cpuMs = 0, peakBytes = 0 } = phases.get(phase) ?? {}
    const times = `open ${seconds(Math.max(0, ms - timings[timing]))}, run ${seconds(timings[timing])}`
    row(what, `${times}, of processors ${seconds(cpuMs)}, own memory ${gibibytes(peakBytes)}`)
  }
  row('one evaluation', seconds(timings.unetRunMs / timings.unetRuns))
  row('whole picture', `${seconds(timings.total)}${shares(timings)}`)
  const peak = Math.max(...[...phases.values()].map(({ peakBytes }) => peakBytes))
  const planned =
    estimate === null ? '' : `, planned ${gibibytes(estimate)}, ratio ${(estimate / peak).toFixed(2)}`
  row('peak of its own memory', `${gibibytes(peak)}${planned}`)
  row('peak with mapped files (VmHWM)', gibibytes(residentPeak()))
}

const shares = ({ total, textEncode, unetRunMs, decode }: Timings): string => {
  const percent = (ms: number): string => `${Math.round((100 * ms) / total)} %`
  return `: text ${percent(textEncode)}, transformer ${percent(unetRunMs)}, decoder ${percent(decode)}`
}
