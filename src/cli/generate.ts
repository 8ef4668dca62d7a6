import type { Notice } from '../shared/notices.ts'
import { toErrorRecord } from '../shared/errors.ts'
import type { ImageRecord, Timings } from '../shared/library/history.ts'
import type { Job } from '../shared/queue/jobs.ts'
import { requestNotes, sayNote, type NoteKind, type RequestNote } from '../shared/request/requestNotes.ts'
import type { Studio } from '../studio/studio.ts'
import { askedOf, generateOptions, type Asked } from './generateOptions.ts'
import { jobToEnd } from './jobToEnd.ts'
import { checkOut, writeOut } from './outFile.ts'
import { command } from './program/command.ts'
import { dataOption, type Given } from './program/options.ts'
import { pipe, readStandardInput } from './program/standardInput.ts'
import { readPrompts, readRequests, unknownFields, type RequestLine } from './requestLines.ts'
import { openSpokenStudio } from './spokenStudio.ts'
import { takeFiles } from './takeFiles.ts'

export const generate = command({
  name: 'generate',
  summary: 'makes pictures from a prompt',
  needs: '--prompt TEXT',
  options: generateOptions,
  notes: [
    'Makes pictures without a window; they are in the history too. What is not said is as the model likes it. Prints where the pictures lie, a line each; progress and warnings go to the standard error.',
    '--prompts and --requests make many jobs with one model. What a line of --requests says goes before the other options. A line that fails is told, and the next one is made.',
  ],
  examples: [
    'studio generate --prompt "a red house in the snow" --seed 1 --out house.png',
    'studio generate --prompts prompts.txt --steps 20 --out pictures/one.png',
    `echo '{"prompt": "a fox", "seed": 3}' | studio generate --requests - --json`,
    'studio generate --prompt "a fox" --out - | studio upscale - --out fox.webp',
  ],
  read: argumentsOf,
  run,
})

interface Arguments {
  asked: Asked
  /** Where a file tells of several jobs; null: one, as the options say. */
  lines: RequestLine[] | null
  data: string
  out?: string
  json: boolean
}

async function argumentsOf(values: Given<typeof generateOptions>): Promise<Arguments> {
  const { prompts, requests, out, json = false } = values
  checkPipes(values)
  const sources = [prompts, requests].filter((file) => file !== undefined)
  if (sources.length === 0 && values.prompt === undefined) throw new Error('--prompt: is missing.')
  if (sources.length === 2 || (prompts !== undefined && values.prompt !== undefined))
    throw new Error('--prompt, --prompts, --requests: give one of them.')
  const prompt =
    values.prompt === pipe ? (await readStandardInput('--prompt')).toString('utf8').trim() : values.prompt
  const asked = askedOf({ ...values, prompt })
  const lines =
    prompts !== undefined
      ? await readPrompts(prompts)
      : requests !== undefined
        ? await readRequests(requests)
        : null
  if (out === pipe && (lines !== null || (asked.request.batchSize ?? 1) > 1 || json))
    throw new Error('--out: one picture goes to the standard output, and nothing else; name a file.')
  return { asked, lines, out, json, data: dataOption(values.data) }
}

function checkPipes(values: Given<typeof generateOptions>): void {
  const piped = Object.entries(values).filter(
    ([name, value]) => name !== 'out' && [value].flat().includes(pipe),
  )
  if (piped.length > 1)
    throw new Error(
      `${piped.map(([name]) => `--${name}`).join(', ')}: one of them can read the standard input.`,
    )
}

async function run({ asked, lines, data, out, json }: Arguments): Promise<void> {
  if (out !== undefined) await checkOut(out)
  const { embeddingFolder } = asked
  const studio = await openSpokenStudio({
    dataFolder: data,
    adoptJobs: false,
    allowModelPaths: true,
    furtherFolders: embeddingFolder === undefined ? [] : [embeddingFolder],
  })
  let written = 0
  const makeOne = async (one: Asked, further: readonly string[]): Promise<void> => {
    const { job, images, warnings, warn } = await make(one, further, studio)
    const paths: string[] = []
    for (const image of images)
      paths.push(out === undefined ? image.path : await writeOut(image, out, written++, warn))
    if (json) console.log(JSON.stringify(report(job, images, paths, [...warnings])))
    else if (out !== pipe) paths.forEach((path) => console.log(path))
  }
  try {
    if (lines === null) await makeOne(asked, [])
    else await makeEach(lines, asked, makeOne, json)
  } finally {
    await studio.close()
  }
}

/** One after the other, whether or not one fails; throws at once where somebody stops it. */
async function makeEach(
  lines: readonly RequestLine[],
  asked: Asked,
  makeOne: (one: Asked, further: readonly string[]) => Promise<void>,
  json: boolean,
): Promise<void> {
  let failed = 0
  for (const { request, line } of lines) {
    const unknown = unknownFields(request)
    const further =
      unknown.length === 0 ? [] : [`line ${line}: not a field of a request: ${unknown.join(', ')}.`]
    const own = Object.fromEntries(Object.entries(asked.request).filter(([, value]) => value !== undefined))
    try {
      await makeOne({ ...asked, request: { ...own, ...request } }, further)
    } catch (error) {
      const { code, message } = toErrorRecord(error)
      if (code === 'cancelled') throw error
      failed++
      process.stderr.write(`error ${code}: line ${line}: ${message}\n`)
      if (json) console.log(JSON.stringify({ line, error: { code, message } }))
    }
  }
  if (failed === 0) return
  process.stderr.write(`${failed} of ${lines.length} lines made no picture.\n`)
  process.exitCode = 1
}

async function make(asked: Asked, further: readonly string[], studio: Studio) {
  const { warn, warnings } = collectWarnings()
  const keep = ({ level, message }: Notice): void => void (level !== 'info' && warnings.add(message))
  for (const notice of (await studio.calls.status()).notices) keep(notice)
  const unsubscribe = studio.subscribe({ notice: keep })
  try {
    const request = await takeFiles(asked, studio)
    const notes = await studio.calls.notes(request)
    // What is wrong with files is told again when the job is queued, as a notice.
    for (const words of [...asked.idle, ...further, ...sayAll(notes, 'file')]) warn(words)
    const job = await jobToEnd(studio, () => studio.calls.enqueue(request))
    const images = await Promise.all(job.imageIds.map((id) => studio.calls.image(id)))
    // What only the choices brought in: a line of a wildcard may hold anything. Names in it were looked up before.
    const brought = images.flatMap((image) => requestNotes(image.request))
    for (const words of sayAll(brought, 'wildcardLeft')) warn(words)
    return { job, images, warnings, warn }
  } finally {
    unsubscribe()
  }
}

const sayAll = (notes: readonly RequestNote[], but: NoteKind): string[] =>
  notes.filter(({ kind }) => kind !== but).map(sayNote)

/** Warnings go to stderr as they come, each once, and are kept for the report. */
function collectWarnings() {
  const warnings = new Set<string>()
  const warn = (message: string): void => {
    if (!warnings.has(message)) process.stderr.write(`warning: ${message}\n`)
    warnings.add(message)
  }
  return { warn, warnings }
}

function report(
  { request }: Job,
  images: readonly ImageRecord[],
  paths: readonly string[],
  warnings: readonly string[],
) {
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
    files: request.files,
    timings: images.map(({ timings }) => timings).reduce(addTimings),
    historyIds: images.map(({ id }) => id),
    warnings,
  }
}

const addTimings = (one: Timings, other: Timings): Timings =>
  Object.fromEntries(
    Object.entries(one).map(([name, ms]) => [name, ms + other[name as keyof Timings]]),
  ) as unknown as Timings

if (import.meta.main) await generate.start(process.argv.slice(2))
