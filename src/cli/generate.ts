import type { Notice } from '../shared/contract.ts'
import type { Job } from '../shared/jobs.ts'
import type { ImageRecord, Timings } from '../shared/history.ts'
import type { Preprocessor } from '../shared/controls.ts'
import { loraTags } from '../shared/loraTags.ts'
import { limits } from '../shared/request/limits.ts'
import type { Adapter } from '../shared/request/adapters.ts'
import type { GenerationRequestInput } from '../shared/request.ts'
import { requestNotes, sayNote, type NoteKind, type RequestNote } from '../shared/requestNotes.ts'
import { findSchedule, splitFusedName } from '../shared/samplers.ts'
import type { Studio } from '../studio/studio.ts'
import { dataOption, numberOption, onlyOptions, readArguments, runCommand } from './command.ts'
import { inpaintOptions } from './inpaintOptions.ts'
import { jobToEnd } from './jobToEnd.ts'
import { checkOut, writeOut } from './outFile.ts'
import { openSpokenStudio } from './spokenStudio.ts'

const usage = `npm run --silent generate -- --prompt TEXT [--negative TEXT] [--seed N|-1] [--steps N]
  [--sampler NAME] [--schedule NAME] [--guidance X] [--fast] [--turbo] [--size WxH] [--batch N] [--same-choices]
  [--init FILE] [--strength X] [--reference FILE]... [--mask FILE] [--outpaint LEFT,TOP,RIGHT,BOTTOM] [--inpaint-area whole|masked]
  [--inpaint-padding N] [--masked-content fill|original|noise|nothing] [--mask-blur X] [--soft-inpainting] [--model NAME|PATH] [--vae NAME] [--lora NAME[:STRENGTH[:UNET]]]...
  [--control FILE --control-model NAME [--preprocessor NAME] [--control-weight X]]...
  [--embedding-dir FOLDER] [--device auto|cpu|webgpu|dml|coreml|cuda]
  [--upscale NAME] [--upscale-by X]
  [--hires-scale X] [--hires-upscaler NAME] [--hires-steps N] [--hires-strength X]
  [--data FOLDER] [--out FILE.png|.jpg|.webp|.avif] [--json]`

export interface Arguments {
  request: GenerationRequestInput
  init?: string
  references: string[]
  mask?: string
  controls: ControlOption[]
  embeddingFolder?: string
  data: string
  out?: string
  json: boolean
  /** Options that have no effect, in words. */
  idle: string[]
}

/** Makes pictures without a window, in a studio of its own on the same data folder. */
async function generate(): Promise<void> {
  const given = readArguments(usage, () => argumentsOf(onlyOptions(optionKinds)))
  const { embeddingFolder, data, out, json, idle } = given
  if (out !== undefined) await checkOut(out)
  const { warn, warnings } = collectWarnings()
  const studio = await openSpokenStudio({
    dataFolder: data,
    adoptJobs: false,
    allowModelPaths: true,
    furtherFolders: embeddingFolder === undefined ? [] : [embeddingFolder],
  })
  try {
    const keep = ({ level, message }: Notice): void => void (level !== 'info' && warnings.add(message))
    for (const notice of (await studio.calls.status()).notices) keep(notice)
    studio.subscribe({ notice: keep })
    const asked = await takeFiles(given, studio)
    const notes = await studio.calls.notes(asked)
    // What is wrong with files is told again when the job is queued, as a notice.
    for (const words of [...idle, ...sayAll(notes, 'file')]) warn(words)
    const job = await jobToEnd(studio, () => studio.calls.enqueue(asked))
    const images = await Promise.all(job.imageIds.map((id) => studio.calls.image(id)))
    // What only the choices brought in: a line of a wildcard may hold anything. Names in it were looked up before.
    const brought = images.flatMap((image) => requestNotes(image.request))
    for (const words of sayAll(brought, 'wildcardLeft')) warn(words)
    const paths: string[] = []
    for (const [index, image] of images.entries())
      paths.push(out === undefined ? image.path : await writeOut(image, out, index, warn))
    if (json) console.log(JSON.stringify(report(job, images, paths, [...warnings])))
    else paths.forEach((path) => console.log(path))
  } finally {
    await studio.close()
  }
}

/** The request with the pictures that its options name. */
export async function takeFiles({ request, init, mask, references, controls }: Arguments, studio: Studio) {
  const initImage = init === undefined ? null : await studio.addInputFile(init)
  const painted = mask === undefined ? null : await studio.addInputFile(mask)
  const seen = await Promise.all(
    references.map(async (file) => ({ id: (await studio.addInputFile(file)).id })),
  )
  const pictures = { initImage, mask: painted, references: seen }
  return { ...request, ...pictures, controls: await takeControls(controls, studio) }
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

export const optionKinds = {
  prompt: 'text',
  negative: 'text',
  seed: 'text',
  steps: 'text',
  sampler: 'text',
  schedule: 'text',
  guidance: 'text',
  fast: 'flag',
  turbo: 'flag',
  size: 'text',
  batch: 'text',
  'same-choices': 'flag',
  init: 'text',
  strength: 'text',
  reference: 'texts',
  mask: 'text',
  outpaint: 'text',
  'inpaint-area': 'text',
  'inpaint-padding': 'text',
  'masked-content': 'text',
  'mask-blur': 'text',
  'soft-inpainting': 'flag',
  upscale: 'text',
  'upscale-by': 'text',
  'hires-scale': 'text',
  'hires-upscaler': 'text',
  'hires-steps': 'text',
  'hires-strength': 'text',
  model: 'text',
  vae: 'text',
  lora: 'texts',
  control: 'texts',
  'control-model': 'texts',
  preprocessor: 'texts',
  'control-weight': 'texts',
  'embedding-dir': 'text',
  device: 'text',
  data: 'text',
  out: 'text',
  json: 'flag',
} as const

export function argumentsOf(values: ReturnType<typeof onlyOptions<typeof optionKinds>>): Arguments {
  if (values.prompt === undefined) throw new Error('--prompt: is missing.')
  const request = {
    prompt: values.prompt,
    negativePrompt: values.negative,
    seed: values.seed?.trim(),
    steps: numberOption('steps', values.steps),
    ...methodOptions(values.sampler, values.schedule),
    guidanceScale: numberOption('guidance', values.guidance),
    fast: values.fast ? {} : null,
    turbo: values.turbo ?? false,
    batchSize: numberOption('batch', values.batch),
    batchChoices: values['same-choices'] ? 'same' : 'each',
    denoiseStrength: numberOption('strength', values.strength),
    model: values.model,
    vae: values.vae,
    adapters: values.lora?.map(loraOption),
    device: values.device,
    ...sizeOption(values.size),
    ...largerOptions(values),
    inpaint: inpaintOptions(values),
  }
  const { init, mask, strength, out, json = false } = values
  const isIdle = strength !== undefined && init === undefined
  return {
    request: request as GenerationRequestInput,
    init,
    references: values.reference ?? [],
    mask,
    controls: controlOptions(values),
    embeddingFolder: values['embedding-dir'],
    out,
    json,
    data: dataOption(values.data),
    idle: isIdle ? ['--strength has no effect without --init, the picture to start from.'] : [],
  }
}

interface ControlOption {
  file: string
  settings: Omit<NonNullable<GenerationRequestInput['controls']>[number], 'image'>
}

/** Control pictures in the order they are given; the n-th of the other options belongs to the n-th picture. */
function controlOptions(values: {
  control?: string[]
  'control-model'?: string[]
  preprocessor?: string[]
  'control-weight'?: string[]
}): ControlOption[] {
  const { control: files = [], 'control-model': models = [], preprocessor: kinds = [] } = values
  const weights = values['control-weight'] ?? []
  if (files.length !== models.length)
    throw new Error(
      `--control-model: there must be one for every --control, found ${models.length} for ${files.length}.`,
    )
  if (kinds.length > files.length || weights.length > files.length)
    throw new Error('--preprocessor, --control-weight: there are more of them than of --control.')
  return files.map((file, index) => {
    const preprocessor = kinds[index] as Preprocessor | undefined
    const weight = numberOption('control-weight', weights[index])
    return { file, settings: { model: models[index], preprocessor, weight } }
  })
}

const takeControls = (options: readonly ControlOption[], studio: Studio) =>
  Promise.all(
    options.map(async ({ file, settings }) => {
      const { id } = await studio.addInputFile(file)
      return { ...settings, image: { id } }
    }),
  )

/** A LoRA with its strength, or those in the text encoders and in the U-Net, as in a tag of a prompt. */
function loraOption(text: string): Adapter {
  const [tag] = loraTags(`<lora:${text}>`)
  if (!tag?.name || tag.written !== `<lora:${text}>` || tag.unknown.length > 0)
    throw new Error(`--lora: must be like NAME, NAME:0.8 or NAME:0.5:0.8, found "${text}".`)
  const { min, max } = limits.adapterStrength
  if (tag.badStrength !== null)
    throw new Error(`--lora: the strength in "${text}" must be a number from ${min} to ${max}.`)
  const { name, text: inText, unet, blocks } = tag
  return { name, text: inText, unet, blocks }
}

/** A second pass where any of its options is given, and an enlargement of the finished picture. */
function largerOptions(values: Readonly<Record<string, unknown>>) {
  const text = (name: string): string | undefined => values[name] as string | undefined
  const hires = {
    scale: numberOption('hires-scale', text('hires-scale')),
    upscaler: text('hires-upscaler'),
    steps: numberOption('hires-steps', text('hires-steps')),
    denoiseStrength: numberOption('hires-strength', text('hires-strength')),
  }
  const scale = numberOption('upscale-by', text('upscale-by'))
  if (scale !== undefined && text('upscale') === undefined)
    throw new Error('--upscale-by: has no effect without --upscale, the upscaler.')
  return {
    hires: Object.values(hires).some((value) => value !== undefined) ? hires : null,
    upscale: text('upscale') === undefined ? null : { upscaler: text('upscale'), scale },
  }
}

/** "DPM++ 2M Karras", as many programs write it, is a sampler and a schedule. */
function methodOptions(sampler?: string, schedule?: string): { sampler?: string; schedule?: string } {
  const fused = sampler === undefined ? undefined : splitFusedName(sampler)
  if (!fused?.schedule) return { sampler, schedule }
  if (schedule !== undefined && findSchedule(schedule) !== fused.schedule)
    throw new Error(
      `--schedule: is ${schedule}, but --sampler ${sampler} names the schedule ${fused.schedule}. Give one of them.`,
    )
  return fused
}

function sizeOption(text: string | undefined): { width?: number; height?: number } {
  if (text === undefined) return {}
  const [, width, height] = /^(\d+)[x×](\d+)$/i.exec(text) ?? []
  if (!width || !height) throw new Error(`--size: must be like 512x512, found "${text}".`)
  return { width: Number(width), height: Number(height) }
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

if (import.meta.main) await runCommand(generate)
