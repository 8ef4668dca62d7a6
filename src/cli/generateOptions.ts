import { preprocessorNames, type Preprocessor } from '../shared/request/controls.ts'
import { loraTags } from '../shared/prompt/loraTags.ts'
import { devices, type GenerationRequestInput } from '../shared/request/request.ts'
import type { Adapter } from '../shared/request/adapters.ts'
import { inpaintAreas, maskedContents } from '../shared/request/inpaint.ts'
import { limits } from '../shared/request/limits.ts'
import { findSchedule, samplers, schedules, splitFusedName } from '../shared/models/samplers.ts'
import { inpaintOptions } from './inpaintOptions.ts'
import { dataFolder, flag, numberOption, out, text, texts, type Given } from './program/options.ts'

const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name)

/** What a picture is asked for with. */
export const requestOptions = {
  prompt: text('TEXT', 'What the picture shows; - reads it from the standard input.'),
  negative: text('TEXT', 'What it does not show.'),
  seed: text('N', 'Seed of the noise; -1 for a new one.'),
  steps: text('N', 'Steps of the sampler.'),
  sampler: text('NAME', 'Sampler; "DPM++ 2M Karras" names the schedule too.', names(samplers)),
  schedule: text('NAME', 'Schedule of the noise levels.', names(schedules)),
  guidance: text('X', 'How strongly the prompt is followed (CFG scale).'),
  fast: flag('Fewer evaluations, for a picture that is nearly the same.'),
  turbo: flag('8-bit weights on the CPU, for a picture that is nearly the same.'),
  'auto-turbo': flag(
    'Turbo where this machine\u2019s self-test (studio devices) found it faster and near enough.',
  ),
  size: text('WxH', 'Width and height in pixels.'),
  batch: text('N', 'Pictures to make, each of the next seed.'),
  'same-choices': flag('Wildcards choose the same for the whole batch.'),
  init: text('FILE', 'The picture to start from; - reads it from the standard input.'),
  strength: text('X', 'How far from the picture to start from, 0 to 1.'),
  reference: texts('FILE', 'A picture that the model looks at (FLUX.2-klein).'),
  mask: text('FILE', 'What of the picture to paint anew (white) and to keep (black).'),
  outpaint: text('LEFT,TOP,RIGHT,BOTTOM', 'Pixels to add at the sides.'),
  'inpaint-area': text(
    'AREA',
    'What is drawn: the whole picture, or the masked part at full size.',
    inpaintAreas,
  ),
  'inpaint-padding': text('N', 'Pixels around the masked part that are seen with it.'),
  'masked-content': text('CONTENT', 'What the masked part begins with.', maskedContents),
  'mask-blur': text('X', 'Softness of the edge of the mask in pixels.'),
  'soft-inpainting': flag('Greys of the mask are painted in part.'),
  upscale: text('NAME', 'Upscaler for the finished picture.'),
  'upscale-by': text('X', 'How many times larger it makes it.'),
  'hires-scale': text('X', 'A second pass, so many times larger.'),
  'hires-upscaler': text('NAME', 'Upscaler between the passes.'),
  'hires-steps': text('N', 'Steps of the second pass.'),
  'hires-strength': text('X', 'How much the second pass changes, 0 to 1.'),
  model: text('NAME|PATH', 'The model, by name, file or folder.'),
  vae: text('NAME', 'An autoencoder in place of the model\u2019s own.'),
  lora: texts('NAME[:STRENGTH[:UNET]]', 'A LoRA to wear.'),
  control: texts('FILE', 'A picture that steers the drawing; needs --control-model.'),
  'control-model': texts('NAME', 'The ControlNet of the n-th --control.'),
  preprocessor: texts('NAME', 'What is made of the n-th --control first.', preprocessorNames),
  'control-weight': texts('X', 'How strongly the n-th --control steers.'),
  'embedding-dir': text('FOLDER', 'A further folder with embeddings.'),
  device: text('NAME', 'What to draw on.', devices),
} as const

export const generateOptions = {
  ...requestOptions,
  prompts: text('FILE', 'A file with a prompt on each line, one picture or batch for each.'),
  requests: text('FILE', 'A file of JSON Lines, each an object with the fields of a request.'),
  data: dataFolder,
  out,
  json: flag('Print a JSON object for every job, on a line of its own.'),
} as const

/** A request, and the files it names as they are given. */
export interface Asked {
  request: GenerationRequestInput
  init?: string
  references: string[]
  mask?: string
  controls: ControlOption[]
  embeddingFolder?: string
  /** Options that have no effect, in words. */
  idle: string[]
}

export function askedOf(values: Given<typeof requestOptions>): Asked {
  const request = {
    prompt: values.prompt,
    negativePrompt: values.negative,
    seed: values.seed?.trim(),
    steps: numberOption('steps', values.steps),
    ...methodOptions(values.sampler, values.schedule),
    guidanceScale: numberOption('guidance', values.guidance),
    fast: values.fast ? {} : null,
    turbo: values['auto-turbo'] ? 'auto' : (values.turbo ?? false),
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
  const { init, mask, strength } = values
  const isIdle = strength !== undefined && init === undefined
  return {
    request: request as GenerationRequestInput,
    init,
    references: values.reference ?? [],
    mask,
    controls: controlOptions(values),
    embeddingFolder: values['embedding-dir'],
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
