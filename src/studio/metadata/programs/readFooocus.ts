import type { Generation } from '../../../shared/generation.ts'
import { findSampler, findSchedule } from '../../../shared/samplers.ts'
import type { Picture } from '../picture.ts'
import {
  draftGeneration,
  isNothing,
  noCounterpart,
  toNumber,
  toSeed,
  type GenerationDraft,
} from './generationDraft.ts'
import { parseObject } from '../tolerantJson.ts'

type Reader = (draft: GenerationDraft, value: unknown) => void

const readers: Record<string, Reader> = {
  prompt: (draft, value) => draft.set('prompt', value, 'prompt'),
  negative_prompt: (draft, value) => draft.set('negativePrompt', value, 'negative_prompt'),
  seed: (draft, value) => draft.set('seed', toSeed(value), 'seed'),
  steps: (draft, value) => draft.set('steps', toNumber(value), 'steps'),
  guidance_scale: (draft, value) => draft.set('guidanceScale', toNumber(value), 'guidance_scale'),
  sampler: (draft, value) => draft.set('sampler', findSampler(String(value)) ?? value, 'sampler'),
  scheduler: (draft, value) => draft.set('schedule', findSchedule(String(value)) ?? value, 'scheduler'),
  clip_skip: (draft, value) => draft.set('clipSkip', toNumber(value), 'clip_skip'),
  resolution: (draft, value) => {
    const size = /(\d+)\D+(\d+)/.exec(String(value).slice(0, 100))
    draft.set('width', toNumber(size?.[1]), 'resolution')
    draft.set('height', toNumber(size?.[2]), 'resolution')
  },
}

/** Keys that say again what others say, or change no pixels. */
const harmless = new Set([
  'base_model',
  'base_model_hash',
  'full_prompt',
  'full_negative_prompt',
  'metadata_scheme',
  'performance',
  'version',
  'created_by',
])

/** Reads the JSON that Fooocus writes under its own scheme. Its noise is ComfyUI's. */
export function readFooocus({ texts }: Picture): Generation | null {
  const text = texts.get('parameters')
  const metadata = texts.get('fooocus_scheme') === 'fooocus' ? parseObject(text) : undefined
  if (text === undefined || !metadata) return null
  const draft = draftGeneration('Fooocus', text)
  draft.set('seedConvention', 'ComfyUI', 'seed')
  draft.setModel(metadata.base_model, metadata.base_model_hash)
  for (const [key, value] of Object.entries(metadata)) {
    if (Object.hasOwn(readers, key)) readers[key](draft, value)
    else if (!harmless.has(key) && !isNothing(value)) draft.leave(key, value, noCounterpart)
  }
  return draft.finish()
}
