import type { Generation } from '../../../shared/library/generation.ts'
import { findSampler, findSchedule } from '../../../shared/models/samplers.ts'
import type { Picture } from '../picture.ts'
import { isObject, parseObject, type JsonObject } from '../tolerantJson.ts'
import {
  draftGeneration,
  isNothing,
  noCounterpart,
  startedFromPicture,
  toNumber,
  toSeed,
  type GenerationDraft,
} from './generationDraft.ts'

type Reader = (draft: GenerationDraft, value: unknown) => void

const readers: Record<string, Reader | undefined> = {
  __proto__: null as never,
  c: (draft, value) => draft.set('prompt', value, 'c'),
  uc: (draft, value) => draft.set('negativePrompt', value, 'uc'),
  steps: (draft, value) => draft.set('steps', toNumber(value), 'steps'),
  scale: (draft, value) => draft.set('guidanceScale', toNumber(value), 'scale'),
  seed: (draft, value) => draft.set('seed', toSeed(value), 'seed'),
  clip_skip: (draft, value) => draft.set('clipSkip', toNumber(value), 'clip_skip'),
  model: (draft, value) => draft.setModel(value),
  sampler: (draft, value) => setSampler(draft, String(value)),
  seed_mode: (draft, value) => setSeedMode(draft, String(value)),
  size: (draft, value) => {
    const size = /^(\d+)x(\d+)$/.exec(String(value))
    draft.set('width', toNumber(size?.[1]), 'size')
    draft.set('height', toNumber(size?.[2]), 'size')
  },
  strength: (draft, value) => {
    if (typeof value !== 'number' || value >= 1) return
    draft.set('denoiseStrength', value, 'strength')
    draft.leave('strength', value, startedFromPicture)
  },
  lora: (draft, value) => {
    for (const lora of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const shown = isObject(lora) ? [lora.model ?? lora.file, lora.weight] : lora
      draft.leave('LoRA', shown, 'is not loaded here')
    }
  },
}

/** Keys that change no pixels, count only with a mask, or say again what others say. */
const harmless = new Set([
  'profile',
  'v2',
  'mask_blur',
  'mask_blur_outset',
  'tiled_decoding',
  'tiled_diffusion',
])

/**
 * Reads the JSON that Draw Things writes as a user comment, in EXIF of a JPEG and in XMP of a PNG (draw-things-community,
 * ImageConverter.swift).
 */
export function readDrawThings({ texts }: Picture): Generation | null {
  const isOwn = [texts.get('Software'), texts.get('xmp CreatorTool')].some((name) =>
    name?.startsWith('Draw Things'),
  )
  for (const keyword of ['parameters', 'xmp UserComment', 'Comment']) {
    const text = texts.get(keyword)
    const json = text?.trimStart().startsWith('{') ? parseObject(text) : undefined
    if (text === undefined || !json) continue
    if (isOwn ? 'c' in json : ['c', 'uc', 'seed_mode'].every((key) => key in json))
      return readJson(json, text)
  }
  return null
}

function readJson(json: JsonObject, text: string): Generation {
  const draft = draftGeneration('Draw Things', text)
  for (const [key, value] of Object.entries(json)) {
    const read = readers[key]
    if (read) read(draft, value)
    else if (!harmless.has(key) && !isNothing(value) && value !== false)
      draft.leave(key, value, noCounterpart)
  }
  return draft.finish()
}

/** What stands behind the name of a sampler, where it is a schedule here. */
const spacings: Record<string, string | undefined> = { Karras: 'Karras', AYS: 'Align Your Steps' }

/** "DPM++ 2M Karras", "Euler A Trailing": a sampler and how its steps are spaced. */
function setSampler(draft: GenerationDraft, written: string): void {
  const split = /^(.*) (Karras|AYS|Trailing|Substep)$/.exec(written)
  const name = (split?.[1] ?? written).replace(/^Euler Ancestral$/i, 'Euler a')
  draft.set('sampler', findSampler(name) ?? written, 'sampler')
  if (!split) return
  const schedule = findSchedule(spacings[split[2]] ?? '')
  if (schedule) draft.set('schedule', schedule, 'sampler')
  else draft.leave('sampler', written, `the spacing "${split[2]}" has no counterpart here`)
}

function setSeedMode(draft: GenerationDraft, mode: string): void {
  if (mode === 'NVIDIA GPU Compatible') draft.set('seedConvention', 'AUTOMATIC1111 GPU', 'seed_mode')
  else if (mode === 'Torch CPU Compatible') draft.set('seedConvention', 'AUTOMATIC1111 CPU', 'seed_mode')
  else draft.leave('seed_mode', mode, 'draws its noise in a way that is not made here')
}
