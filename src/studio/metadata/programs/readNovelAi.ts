import type { Generation } from '../../../shared/library/generation.ts'
import { findSampler, findSchedule } from '../../../shared/models/samplers.ts'
import type { Picture } from '../picture.ts'
import { isObject, requireObject, type JsonObject } from '../tolerantJson.ts'
import {
  draftGeneration,
  isNothing,
  noCounterpart,
  startedFromPicture,
  toNumber,
  type GenerationDraft,
} from './generationDraft.ts'

type Reader = (draft: GenerationDraft, value: unknown, comment: JsonObject) => void

const readers: Record<string, Reader | undefined> = {
  __proto__: null as never,
  uc: (draft, value) => draft.set('negativePrompt', value, 'uc'),
  seed: (draft, value) => draft.set('seed', value, 'seed'),
  steps: (draft, value) => draft.set('steps', toNumber(value), 'steps'),
  width: (draft, value) => draft.set('width', toNumber(value), 'width'),
  height: (draft, value) => draft.set('height', toNumber(value), 'height'),
  scale: (draft, value) => draft.set('guidanceScale', toNumber(value), 'scale'),
  cfg_rescale: (draft, value) => draft.set('guidanceRescale', toNumber(value), 'cfg_rescale'),
  sampler: (draft, value) => draft.set('sampler', samplerByName(String(value)) ?? value, 'sampler'),
  noise_schedule: (draft, value) => {
    if (value !== 'native') draft.set('schedule', findSchedule(String(value)) ?? value, 'noise_schedule')
  },
  request_type: readRequestType,
  v4_prompt: (draft, value) => leaveCharacters(draft, value, 'prompt'),
  v4_negative_prompt: (draft, value) => leaveCharacters(draft, value, 'negative prompt'),
  dynamic_thresholding: (draft, value, comment) =>
    draft.leave(
      'dynamic_thresholding',
      `${String(value)}, percentile ${String(comment.dynamic_thresholding_percentile)}, mimic scale ${String(comment.dynamic_thresholding_mimic_scale)}`,
      noCounterpart,
    ),
}

const samplerByName = (name: string) =>
  findSampler(name) ?? findSampler(name.replace(/^k_/, '')) ?? findSampler(name.replace(/_v3$/, ''))

/** Keys that say again what others say, count only with a starting picture, or change no pixels. */
const harmless = new Set([
  ...['prompt', 'strength', 'noise', 'signed_hash', 'version', 'params_version', 'stream', 'n_samples'],
  ...['dynamic_thresholding_percentile', 'dynamic_thresholding_mimic_scale', 'ucPreset', 'qualityToggle'],
  ...['legacy', 'legacy_uc', 'legacy_v3_extend', 'add_original_image', 'image_format', 'use_coords'],
])

/** What NovelAI writes for settings that nobody changed. */
const defaults: Record<string, readonly unknown[] | undefined> = {
  __proto__: null as never,
  uncond_scale: [0, 1],
  controlnet_strength: [1],
  skip_cfg_below_sigma: [0],
  prefer_brownian: [true],
  uncond_per_vibe: [true],
  wonky_vibe_correlation: [true],
  cfg_sched_eligibility: ['enable_for_post_summer_samplers'],
  deliberate_euler_ancestral_bug: [true, false],
  autoSmea: [true, false],
}

/**
 * Reads a NovelAI picture: its noise as AUTOMATIC1111's, and of the first models also their clip skip of 2 and their
 * ENSD of 31337 (AUTOMATIC1111 1.10.1, modules/images.py).
 */
export function readNovelAi({ texts, size }: Picture): Generation | null {
  const text = texts.get('Comment')
  if (text === undefined || !texts.get('Software')?.startsWith('NovelAI')) return null
  const comment = requireObject(text, 'Comment')
  const source = texts.get('Source')?.trim()
  const draft = draftGeneration('NovelAI', text)
  draft.set('prompt', promptOf(texts.get('Description'), comment), 'Description')
  draft.set('seedConvention', 'AUTOMATIC1111 GPU', 'seed')
  draft.setModel(source)
  if (isFirstModel(source, comment)) {
    draft.set('clipSkip', 2, 'Source')
    draft.set('etaNoiseSeedDelta', 31337, 'Source')
  }
  if (comment.width === undefined || comment.height === undefined) {
    draft.set('width', size?.width, 'width')
    draft.set('height', size?.height, 'height')
  }
  for (const [key, value] of Object.entries(comment)) readValue(draft, key, value, comment)
  leaveEmphasis(draft, comment)
  return draft.finish()
}

/** The prompt as it was typed; a description in a user comment has zero characters before it. */
function promptOf(description: string | undefined, comment: JsonObject): unknown {
  const typed = description?.replace(/^\0+/, '')
  return typed === undefined || typed === '' ? comment.prompt : typed
}

/** Models of the second generation; all others called "Stable Diffusion" without XL are of the first. */
const secondModels = ['49BFAF6A', 'F1022D28', '8BCA8C13']

/** Without a name of the model, what only later models write tells. */
function isFirstModel(source: string | undefined, comment: JsonObject): boolean {
  const named = /^Stable Diffusion\s+([0-9A-F]{8})$/i.exec(source ?? '')
  if (named) return !secondModels.includes(named[1].toUpperCase())
  const isUnnamed = source === undefined || source === '' || source === 'Stable Diffusion'
  return isUnnamed && !['noise_schedule', 'sm', 'request_type', 'v4_prompt'].some((key) => key in comment)
}

function readValue(draft: GenerationDraft, key: string, value: unknown, comment: JsonObject): void {
  if (isNothing(value) || value === false) return
  const read = readers[key]
  if (read) read(draft, value, comment)
  else if (!harmless.has(key) && !defaults[key]?.includes(value) && !isUntouched(value))
    draft.leave(key, value, noCounterpart)
}

/** Settings within settings that stand at nothing, or at 1. */
const isUntouched = (value: unknown): boolean =>
  isObject(value) &&
  Object.values(value).every((inner) => isNothing(inner) || inner === false || inner === 0 || inner === 1)

function readRequestType(draft: GenerationDraft, value: unknown, comment: JsonObject): void {
  if (value === 'PromptGenerateRequest') return
  draft.set('denoiseStrength', toNumber(comment.strength), 'strength')
  draft.leave('request_type', value, startedFromPicture)
  if (typeof comment.noise === 'number' && comment.noise > 0)
    draft.leave('noise', comment.noise, noCounterpart)
  if (/infill|inpaint/i.test(String(value)))
    draft.leave('mask', value, 'painted only under a mask that the file does not hold')
}

/** Texts of version 4 for single characters, with their places where these count. */
function leaveCharacters(draft: GenerationDraft, value: unknown, side: string): void {
  const caption = isObject(value) && isObject(value.caption) ? value.caption : {}
  const characters: unknown[] = Array.isArray(caption.char_captions) ? caption.char_captions : []
  const usesPlaces = isObject(value) && value.use_coords === true
  characters.forEach((character, index) => {
    if (!isObject(character) || isNothing(character.char_caption)) return
    const place = usesPlaces ? ` at ${JSON.stringify(character.centers)}` : ''
    draft.leave(
      `${side} of character ${index + 1}`,
      `${String(character.char_caption)}${place}`,
      'is a text for one character, which has no counterpart here',
    )
  })
}

const emphasis = /[{}[\]()]|-?\d*\.?\d+::/
const shownAround = 60

/** NovelAI weighs words as {x} (1.05), [x] (1/1.05) and 1.5::x::, and takes round brackets as they are. */
function leaveEmphasis(draft: GenerationDraft, comment: JsonObject): void {
  for (const [key, text] of [
    ['prompt', comment.prompt],
    ['uc', comment.uc],
  ] as const) {
    const found = typeof text === 'string' ? emphasis.exec(text) : null
    if (typeof text !== 'string' || !found) continue
    draft.leave(
      `${key} emphasis`,
      text.slice(Math.max(0, found.index - 10), found.index + shownAround),
      'NovelAI weighs words as {x}, [x] and 1.5::x:: and reads (x) as it stands; here (x:1.05) is a weight',
    )
  }
}
