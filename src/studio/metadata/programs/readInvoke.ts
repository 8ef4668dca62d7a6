import type { Generation } from '../../../shared/generation.ts'
import { findSampler } from '../../../shared/samplers.ts'
import type { Picture } from '../picture.ts'
import {
  draftGeneration,
  noCounterpart,
  startedFromPicture,
  type GenerationDraft,
} from './generationDraft.ts'
import { isObject, requireObject, type JsonObject } from '../tolerantJson.ts'

/** Keys that change no pixels. */
const harmless = new Set([
  'generation_mode',
  'rand_device',
  'app_version',
  'model',
  'positive_prompt',
  'negative_prompt',
])

type Reader = (draft: GenerationDraft, value: unknown) => void

const readers: Record<string, Reader | undefined> = {
  __proto__: null as never,
  width: (draft, value) => draft.set('width', value, 'width'),
  height: (draft, value) => draft.set('height', value, 'height'),
  seed: (draft, value) => draft.set('seed', value, 'seed'),
  cfg_scale: (draft, value) => draft.set('guidanceScale', value, 'cfg_scale'),
  cfg_rescale_multiplier: (draft, value) => draft.set('guidanceRescale', value, 'cfg_rescale_multiplier'),
  steps: (draft, value) => draft.set('steps', value, 'steps'),
  scheduler: (draft, value) => readScheduler(draft, value),
  // It counts the layers left out: 0 is the last one.
  clip_skip: (draft, value) =>
    draft.set('clipSkip', typeof value === 'number' ? value + 1 : undefined, 'clip_skip'),
  positive_style_prompt: (draft, value) => draft.set('prompt2', value || undefined, 'positive_style_prompt'),
  negative_style_prompt: (draft, value) =>
    draft.set('negativePrompt2', value || undefined, 'negative_style_prompt'),
  strength: (draft, value) => draft.set('denoiseStrength', value, 'strength'),
  init_image: (draft, value) => draft.leave('init_image', value, startedFromPicture),
  loras: (draft, value) => draft.leave('loras', value, 'are not loaded here'),
}

/** Reads what InvokeAI writes, in the form of either its version 2 or the later ones. */
export function readInvoke({ texts }: Picture): Generation | null {
  const text = texts.get('invokeai_metadata')
  if (text !== undefined) return readInvoke3(requireObject(text, 'invokeai_metadata'), text)
  const text2 = texts.get('sd-metadata')
  return text2 === undefined ? null : readInvoke2(requireObject(text2, 'sd-metadata'), text2)
}

/** Reads the metadata of InvokeAI 3 and later. */
function readInvoke3(metadata: JsonObject, text: string): Generation {
  const draft = draftGeneration('InvokeAI', text)
  draft.set('prompt', metadata.positive_prompt, 'positive_prompt')
  draft.set('negativePrompt', metadata.negative_prompt, 'negative_prompt')
  draft.set('seedConvention', 'InvokeAI', 'seed')
  readModel(draft, metadata.model)
  for (const [key, value] of Object.entries(metadata)) {
    if (!harmless.has(key)) readValue(draft, key, value)
  }
  return draft.finish()
}

/** Reads the `sd-metadata` of InvokeAI 2, whose prompt holds the negative one in square brackets. */
function readInvoke2(metadata: JsonObject, text: string): Generation {
  const draft = draftGeneration('InvokeAI', text)
  const image = isObject(metadata.image) ? metadata.image : {}
  const prompts: unknown[] = Array.isArray(image.prompt) ? image.prompt : [image.prompt]
  const prompt = prompts
    .map((part) => (isObject(part) ? part.prompt : part))
    .filter((part) => typeof part === 'string')
  const { positive, negative } = splitBrackets(prompt.join(' '))
  draft.set('prompt', positive, 'prompt')
  draft.set('negativePrompt', negative, 'prompt')
  draft.set('seedConvention', 'InvokeAI', 'seed')
  draft.setModel(metadata.model_id ?? metadata.model_weights, metadata.model_hash)
  for (const [key, value] of Object.entries(image)) {
    if (key === 'sampler') readScheduler(draft, value)
    else if (key !== 'prompt' && key !== 'type') readValue(draft, key, value)
  }
  return draft.finish()
}

function splitBrackets(prompt: string): { positive: string; negative: string } {
  const negative: string[] = []
  const positive = prompt.replace(/\[([^[\]]*)\]/g, (_, inside: string) => {
    negative.push(inside)
    return ''
  })
  return { positive: positive.trim(), negative: negative.join(' ').trim() }
}

function readValue(draft: GenerationDraft, key: string, value: unknown): void {
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0)
  if (readers[key] && !isEmpty) readers[key](draft, value)
  // Whatever is empty, false or zero says that a feature was not used.
  else if (!isEmpty && value !== false && value !== 0 && value !== '') draft.leave(key, value, noCounterpart)
}

function readModel(draft: GenerationDraft, model: unknown): void {
  if (isObject(model)) draft.setModel(model.name ?? model.model_name, model.hash)
}

/** A diffusers scheduler by InvokeAI's name; `_k` has Karras sigmas. */
function readScheduler(draft: GenerationDraft, value: unknown): void {
  const name = String(value)
  const karras = name.endsWith('_k')
  const plain = karras ? name.slice(0, -2) : name
  draft.set('sampler', findSampler(plain) ?? value, 'scheduler')
  if (karras) draft.set('schedule', 'Karras', 'scheduler')
}
