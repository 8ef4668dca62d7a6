import type { Generation } from '../../../shared/generation.ts'
import { findSampler, findSchedule } from '../../../shared/samplers.ts'
import type { Picture } from '../picture.ts'
import { draftGeneration, noCounterpart, type GenerationDraft } from './generationDraft.ts'
import { requireObject } from '../tolerantJson.ts'

type Reader = (draft: GenerationDraft, value: unknown) => void

const readers: Record<string, Reader> = {
  uc: (draft, value) => draft.set('negativePrompt', value, 'uc'),
  seed: (draft, value) => draft.set('seed', value, 'seed'),
  steps: (draft, value) => draft.set('steps', value, 'steps'),
  scale: (draft, value) => draft.set('guidanceScale', value, 'scale'),
  cfg_rescale: (draft, value) => draft.set('guidanceRescale', value, 'cfg_rescale'),
  sampler: (draft, value) => {
    const name = String(value).replace(/^k_/, '')
    draft.set('sampler', findSampler(name) ?? findSampler(String(value)) ?? value, 'sampler')
  },
  noise_schedule: (draft, value) => {
    if (value !== 'native') draft.set('schedule', findSchedule(String(value)) ?? value, 'noise_schedule')
  },
}

/** Keys that say again what others say, or count only with a starting picture. */
const harmless = new Set([
  'prompt',
  'width',
  'height',
  'strength',
  'noise',
  'signed_hash',
  'request_type',
  'version',
])

/** Reads a NovelAI picture as AUTOMATIC1111 does: clip skip 2, ENSD 31337, the picture's own size. */
export function readNovelAi({ texts, size }: Picture): Generation | null {
  const text = texts.get('Comment')
  if (text === undefined || texts.get('Software') !== 'NovelAI') return null
  const comment = requireObject(text, 'Comment')
  const draft = draftGeneration('NovelAI', text)
  draft.set('prompt', texts.get('Description') ?? comment.prompt, 'Description')
  draft.set('seedConvention', 'AUTOMATIC1111 GPU', 'seed')
  draft.set('clipSkip', 2, 'Software')
  draft.set('etaNoiseSeedDelta', 31337, 'Software')
  draft.set('width', size?.width, 'width')
  draft.set('height', size?.height, 'height')
  for (const [key, value] of Object.entries(comment)) {
    if (Object.hasOwn(readers, key)) readers[key](draft, value)
    else if (!harmless.has(key) && value !== null && value !== false) draft.leave(key, value, noCounterpart)
  }
  return draft.finish()
}
