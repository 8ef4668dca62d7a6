import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { ImageRecord, Job, Progress, Timings } from '../shared/contract.ts'
import { StudioError } from '../shared/errors.ts'
import type { GenerationRequestInput } from '../shared/request.ts'
import { defaultDataFolder } from '../studio/paths.ts'
import { storageError } from '../studio/storageErrors.ts'
import type { Studio } from '../studio/studio.ts'
import { openSpokenStudio } from './spokenStudio.ts'
import { numberOption, readArguments, runCommand } from './command.ts'

const usage = `npm run --silent generate -- --prompt TEXT [--negative TEXT] [--seed N] [--steps N]
  [--sampler NAME] [--schedule NAME] [--guidance X] [--size WxH] [--batch N] [--init FILE] [--strength X]
  [--model NAME|PATH] [--device auto|cpu|webgpu|dml|coreml|cuda] [--data FOLDER] [--out FILE] [--json]`

interface Arguments {
  request: GenerationRequestInput
  init?: string
  data: string
  out?: string
  json: boolean
}

/** Makes pictures without a window, in a studio of its own on the same data folder. */
async function generate(): Promise<void> {
  const { request, init, data, out, json } = readArguments(usage, parseArguments)
  const studio = await openSpokenStudio({ dataFolder: data, adoptJobs: false, allowModelPaths: true })
  try {
    const initImage = init === undefined ? null : await studio.addInputFile(init)
    const job = await runToEnd(studio, { ...request, initImage })
    const images = await Promise.all(job.imageIds.map((id) => studio.calls.image(id)))
    const paths = await Promise.all(
      images.map(async ({ path }, index) => (out ? copyTo(path, out, index) : path)),
    )
    if (json) console.log(JSON.stringify(report(job, images, paths)))
    else paths.forEach((path) => console.log(path))
  } finally {
    await studio.close()
  }
}

function parseArguments(): Arguments {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      prompt: text,
      negative: text,
      seed: text,
      steps: text,
      sampler: text,
      schedule: text,
      guidance: text,
      size: text,
      batch: text,
      init: text,
      strength: text,
      model: text,
      device: text,
      data: text,
      out: text,
      json: { type: 'boolean', default: false },
    },
  })
  if (values.prompt === undefined) throw new Error('--prompt: is missing.')
  const request = {
    prompt: values.prompt,
    negativePrompt: values.negative,
    seed: values.seed,
    steps: numberOption('steps', values.steps),
    sampler: values.sampler,
    schedule: values.schedule,
    guidanceScale: numberOption('guidance', values.guidance),
    batchSize: numberOption('batch', values.batch),
    denoiseStrength: numberOption('strength', values.strength),
    model: values.model,
    device: values.device,
    ...sizeOption(values.size),
  }
  const { init, out, json, data = defaultDataFolder() } = values
  return { request: request as GenerationRequestInput, init, out, json, data }
}

function sizeOption(text: string | undefined): { width?: number; height?: number } {
  if (text === undefined) return {}
  const [, width, height] = /^(\d+)[x×](\d+)$/i.exec(text) ?? []
  if (!width || !height) throw new Error(`--size: must be like 512x512, found "${text}".`)
  return { width: Number(width), height: Number(height) }
}

async function runToEnd(studio: Studio, request: GenerationRequestInput): Promise<Job> {
  const ended = Promise.withResolvers<Job>()
  studio.subscribe({
    progress: (_jobId, progress) => showProgress(progress),
    jobChanged: (job) => job.finishedAt !== null && ended.resolve(job),
    notice: ({ message }) => process.stderr.write(`${message}\n`),
  })
  const { id } = await studio.calls.enqueue(request)
  // Once to finish the running evaluation, twice to end at once.
  process.once('SIGTERM', () => void studio.calls.cancel(id))
  process.once('SIGINT', () => {
    void studio.calls.cancel(id)
    process.once('SIGINT', () => void studio.calls.stopNow(id))
  })
  const job = await ended.promise
  if (process.stderr.isTTY) process.stderr.write('\n')
  if (job.state === 'done') return job
  throw new StudioError(
    job.error?.code ?? 'cancelled',
    job.error?.message ?? 'Stopped before it was finished.',
  )
}

let shown = ''

function showProgress({ phase, image, images, step, steps, etaMs }: Progress): void {
  const which = images > 1 ? `image ${image + 1}/${images}, ` : ''
  const left = etaMs === null ? '' : `, ${(etaMs / 1000).toFixed(1)} s left`
  const line = `${which}${phase} ${step}/${steps}${left}`
  if (line === shown) return
  shown = line
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
}

/** Copies to FILE, and the further images of a batch to FILE-2, FILE-3… before the ending. */
async function copyTo(path: string, out: string, index: number): Promise<string> {
  const ending = extname(out)
  const numbered = index === 0 ? out : `${out.slice(0, out.length - ending.length)}-${index + 1}${ending}`
  const target = resolve(numbered)
  try {
    await mkdir(dirname(target), { recursive: true })
    await copyFile(path, target)
  } catch (error) {
    throw storageError(error, target)
  }
  return target
}

function report({ request }: Job, images: readonly ImageRecord[], paths: readonly string[]) {
  return {
    images: images.map(({ request: { seed }, width, height }, index) => ({
      path: paths[index],
      seed,
      width,
      height,
    })),
    model: images[0].model.name,
    modelHash: images[0].model.hash,
    device: images[0].device,
    steps: request.steps,
    timings: images.map(({ timings }) => timings).reduce(addTimings),
    historyIds: images.map(({ id }) => id),
  }
}

const addTimings = (one: Timings, other: Timings): Timings =>
  Object.fromEntries(
    Object.entries(one).map(([name, ms]) => [name, ms + other[name as keyof Timings]]),
  ) as unknown as Timings

await runCommand(generate)
