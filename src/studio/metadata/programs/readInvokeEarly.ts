import { StudioError } from '../../../shared/errors.ts'
import type { Generation } from '../../../shared/library/generation.ts'
import { isObject, type JsonObject } from '../tolerantJson.ts'
import {
  draftGeneration,
  noCounterpart,
  startedFromPicture,
  toNumber,
  toSeed,
  toText,
  underMask,
  type GenerationDraft,
} from './generationDraft.ts'
import { setMethod } from './method.ts'

/** The first two of InvokeAI's own names are of its version 2; the rest are common ones with "k_" before them. */
const samplers: Record<string, string> = { k_dpmpp_2: 'DPM++ 2M', k_dpmpp_2_a: 'DPM++ 2S a' }

/**
 * Reads the `sd-metadata` of InvokeAI 1 and 2: the settings under `image`, or under `images` of which the first is
 * taken (github.com/lstein/stable-diffusion/issues/266).
 */
export function readSdMetadata(metadata: JsonObject, text: string): Generation {
  const images: unknown[] = Array.isArray(metadata.images) ? metadata.images : [metadata.image]
  const image = images.find(isObject) ?? {}
  const draft = draftEarly(text)
  if (images.length > 1)
    draft.leave('images', images.length, 'pictures are one grid; the settings of the first are taken')
  draft.setModel(metadata.model_weights ?? metadata.model_id, metadata.model_hash)
  setPrompts(draft, promptParts(image.prompt))
  readSettings(draft, image)
  return draft.finish()
}

const longestLine = 64 * 1024

/**
 * Reads a `Dream` line, the command that made a picture of InvokeAI 1: `"a cat" -s50 -W512 -S42 -Ak_lms`, or with
 * spaces behind the letters, or without quotes around the prompt. Throws `bad-metadata` for one of more than 64 KiB.
 */
export function readDream(line: string): Generation {
  if (line.length > longestLine)
    throw new StudioError(
      'bad-metadata',
      'The text "Dream" in this file is longer than any command of InvokeAI, so it was not read.',
    )
  const { prompt, switches } = splitDream(line)
  const draft = draftEarly(line)
  setPrompts(draft, weightedParts(prompt))
  const settings: JsonObject = {}
  for (const [name, values] of switches) settings[switchNames[name] ?? name] = values.join(' ') || true
  if (settings.init_img !== undefined) settings.type = 'img2img'
  readSettings(draft, settings)
  return draft.finish()
}

/** Both versions drew their noise on the graphics card, one generator for each picture. */
function draftEarly(text: string): GenerationDraft {
  const draft = draftGeneration('InvokeAI', text)
  draft.set('seedConvention', 'AUTOMATIC1111 GPU', 'seed')
  return draft
}

type Reader = (draft: GenerationDraft, value: unknown, key: string) => void
const leave =
  (reason: string): Reader =>
  (draft, value, key) =>
    draft.leave(key, value, reason)

const nothing: Reader = () => undefined
const afterwards = leave('was done to the finished picture; enlarge it here, faces are not mended')

const readers: Record<string, Reader> = {
  steps: (draft, value, key) => draft.set('steps', toNumber(value), key),
  cfg_scale: (draft, value, key) => draft.set('guidanceScale', toNumber(value), key),
  width: (draft, value, key) => draft.set('width', toNumber(value), key),
  height: (draft, value, key) => draft.set('height', toNumber(value), key),
  seed: (draft, value, key) => draft.set('seed', toSeed(value), key),
  sampler: (draft, value, key) => setMethod(draft, { key, value: samplers[String(value)] ?? value }),
  init_img: leave(startedFromPicture),
  init_image_path: leave(startedFromPicture),
  orig_hash: leave(startedFromPicture),
  init_mask: leave(underMask),
  mask_image_path: leave(underMask),
  mask_hash: nothing,
  prompt: nothing,
  type: (draft, value, key) => {
    if (/inpaint|outpaint|canvas/i.test(toText(value) ?? '')) draft.leave(key, value, underMask)
  },
  fit: nothing,
  iterations: nothing,
  individual: nothing,
  postprocessing: afterwards,
  facetool: nothing,
  codeformer_fidelity: nothing,
  text_mask: leave(underMask),
  facetool_strength: afterwards,
  upscale: afterwards,
}

function readSettings(draft: GenerationDraft, image: JsonObject): void {
  const isFromPicture =
    !/^(txt2img|esrgan|gfpgan)$/.test(toText(image.type) ?? '') &&
    ['init_img', 'init_image_path', 'orig_hash'].some((key) => image[key] !== undefined)
  const picture = ['init_image_path', 'init_img', 'orig_hash'].find((key) => image[key] !== undefined)
  for (const [key, value] of Object.entries(image)) {
    // Whatever is empty, false or zero says that a feature was not used, but for a seed and a scale.
    const isUnused =
      value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0)
    const isZero = Number(value) === 0 && !['seed', 'cfg_scale'].includes(key)
    if (isUnused || isZero) continue
    if (key === 'strength' || key === 'strength_steps') {
      if (isFromPicture) draft.set('denoiseStrength', toNumber(value), key)
    } else if (/^(init_im|orig_hash)/.test(key) && key !== picture) continue
    else if (Object.hasOwn(readers, key)) readers[key](draft, value, key)
    else draft.leave(key, value, noCounterpart)
  }
}

interface PromptPart {
  text: string
  weight: number
}

function promptParts(prompt: unknown): PromptPart[] {
  const parts: unknown[] = Array.isArray(prompt) ? prompt : [prompt]
  return parts.flatMap((part) => {
    if (!isObject(part)) return weightedParts(toText(part) ?? '')
    return [{ text: toText(part.prompt) ?? '', weight: Number(part.weight ?? 1) }]
  })
}

/** The parts of "green cone:0.7 yellow ring:0.3", which are blended by weight. */
function weightedParts(prompt: string): PromptPart[] {
  const parts: PromptPart[] = []
  let from = 0
  for (const weight of prompt.matchAll(/:(-?\d+(?:\.\d+)?)(?=\s|,|$)/g)) {
    parts.push({ text: prompt.slice(from, weight.index).trim(), weight: Number(weight[1]) })
    from = weight.index + weight[0].length
  }
  const rest = prompt.slice(from).replace(/^,/, '').trim()
  return rest !== '' || parts.length === 0 ? [...parts, { text: rest, weight: 1 }] : parts
}

/** What stands in square brackets is the negative prompt. */
function setPrompts(draft: GenerationDraft, parts: readonly PromptPart[]): void {
  const { positive, negative } = splitBrackets(parts.map(({ text }) => text).join(' '))
  draft.set('prompt', positive, 'prompt')
  draft.set('negativePrompt', negative, 'prompt')
  if (parts.length > 1 || parts.some(({ weight }) => weight !== 1)) {
    const value = parts.map(({ text, weight }) => `${text}:${weight}`).join(' ')
    draft.leave('prompt', value, 'blends texts by weight, which has no counterpart here; they are joined')
  }
}

function splitBrackets(prompt: string): { positive: string; negative: string } {
  const negative: string[] = []
  const positive = prompt.replace(/\[([^[\]]*)\]/g, (_, inside: string) => {
    negative.push(inside)
    return ''
  })
  return { positive: positive.trim(), negative: negative.join(' ').trim() }
}

/** InvokeAI's switches and what its metadata calls them (ldm/invoke/args.py). */
const switchNames: Record<string, string> = {
  s: 'steps',
  S: 'seed',
  W: 'width',
  H: 'height',
  C: 'cfg_scale',
  A: 'sampler',
  m: 'sampler',
  I: 'init_img',
  M: 'init_mask',
  f: 'strength',
  n: 'iterations',
  i: 'individual',
  F: 'fit',
  G: 'facetool_strength',
  ft: 'facetool',
  cf: 'codeformer_fidelity',
  tm: 'text_mask',
  U: 'upscale',
  V: 'variations',
  v: 'variation_amount',
  sampler_name: 'sampler',
}

/** Parts a command line into the prompt and its switches with their values. */
function splitDream(line: string): { prompt: string; switches: Map<string, string[]> } {
  const quoted = /^\s*"((?:\\.|[^"\\])*)"/.exec(line)
  const start = quoted ? quoted[0].length : Math.max(0, line.search(/(^|\s)--?[A-Za-z]/))
  const isWithout = !quoted && line.search(/(^|\s)--?[A-Za-z]/) < 0
  const prompt = quoted ? quoted[1].replace(/\\(.)/g, '$1') : isWithout ? line : line.slice(0, start)
  const switches = new Map<string, string[]>()
  let values: string[] = []
  for (const word of isWithout ? [] : line.slice(start).split(/\s+/)) {
    const long = /^--([A-Za-z][\w-]*)(?:=(.*))?$/.exec(word)
    const short = /^-(ft|cf|tm|[A-Za-z])(.*)$/.exec(word)
    if (!long && !short) {
      if (word !== '') values.push(word)
      continue
    }
    const [, name, attached] = (long ?? short)!
    values = attached ? [attached] : []
    switches.set(name.replaceAll('-', '_'), values)
  }
  return { prompt: prompt.trim(), switches }
}
