import type { Generation } from '../../../shared/generation.ts'
import type { GenerationRequestInput } from '../../../shared/request.ts'
import { findSampler, findSchedule } from '../../../shared/samplers.ts'
import type { Picture } from '../picture.ts'
import {
  draftGeneration,
  noCounterpart,
  startedFromPicture,
  toNumber,
  toSeed,
  type GenerationDraft,
} from './generationDraft.ts'
import { isObject, parseObject } from '../tolerantJson.ts'

const numberFields: Record<string, keyof GenerationRequestInput> = {
  steps: 'steps',
  cfgscale: 'guidanceScale',
  width: 'width',
  height: 'height',
  variationseedstrength: 'variationStrength',
  initimagecreativity: 'denoiseStrength',
  sigmamin: 'sigmaMin',
  sigmamax: 'sigmaMax',
}

type Reader = (draft: GenerationDraft, value: unknown) => void

const readers: Record<string, Reader> = {
  prompt: (draft, value) => draft.set('prompt', value, 'prompt'),
  negativeprompt: (draft, value) => draft.set('negativePrompt', value, 'negativeprompt'),
  seed: (draft, value) => draft.set('seed', toSeed(value), 'seed'),
  variationseed: (draft, value) => draft.set('variationSeed', toSeed(value), 'variationseed'),
  sampler: (draft, value) => draft.set('sampler', findSampler(String(value)) ?? value, 'sampler'),
  scheduler: (draft, value) => draft.set('schedule', findSchedule(String(value)) ?? value, 'scheduler'),
  clipstopatlayer: (draft, value) => draft.set('clipSkip', -Number(value) || undefined, 'clipstopatlayer'),
  model: (draft, value) => draft.setModel(value),
  initimage: (draft, value) => draft.leave('initimage', value, startedFromPicture),
}

/** Keys that change no pixels of a single picture. */
const harmless = new Set([
  'images',
  'aspectratio',
  'swarm_version',
  'backendtype',
  'personalnote',
  'modelspecs',
])

/** Reads SwarmUI's parameters: lower-case ids, values that may be text. Its noise is ComfyUI's. */
export function readSwarm({ texts }: Picture): Generation | null {
  const text = texts.get('parameters')
  const metadata = text?.includes('sui_image_params') ? parseObject(text) : undefined
  if (text === undefined || !metadata?.sui_image_params) return null
  const draft = draftGeneration('SwarmUI', text)
  draft.set('seedConvention', 'ComfyUI', 'seed')
  const parameters = isObject(metadata.sui_image_params) ? metadata.sui_image_params : {}
  for (const [key, value] of Object.entries(parameters)) {
    if (Object.hasOwn(readers, key)) readers[key](draft, value)
    else if (Object.hasOwn(numberFields, key)) draft.set(numberFields[key], toNumber(value), key)
    else if (!harmless.has(key)) draft.leave(key, value, noCounterpart)
  }
  const model = Array.isArray(metadata.sui_models) ? (metadata.sui_models as unknown[])[0] : undefined
  if (isObject(model)) draft.setModel(model.name, model.hash)
  return draft.finish()
}
