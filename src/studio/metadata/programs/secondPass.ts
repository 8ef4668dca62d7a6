import { findSchedule, splitFusedName } from '../../../shared/samplers.ts'
import { toNumber, type GenerationDraft } from './generationDraft.ts'

/** AUTOMATIC1111's keys of a second pass and of a picture that was enlarged afterwards, in lower case. */

type Settings = ReadonlyMap<string, string>

const passKeys = [
  'hires upscale',
  'hires resize-1',
  'hires resize-2',
  'hires upscaler',
  'hires steps',
  'hires sampler',
  'hires schedule type',
  'hires prompt',
  'hires negative prompt',
  'hires cfg scale',
]
const upscaleKeys = ['postprocess upscale by', 'postprocess upscaler']

/** Takes what settings tell of a second pass and of an enlargement; answers the keys that are taken care of. */
export function readFurtherPasses(draft: GenerationDraft, settings: Settings): ReadonlySet<string> {
  const taken = new Set<string>()
  if (settings.has('hires upscale') || settings.has('hires resize-1')) {
    if (draft.set('hires', hiresOf(settings), 'Hires upscale'))
      for (const key of [...passKeys, 'denoising strength']) taken.add(key)
  }
  const by = settings.get('postprocess upscale by')
  const upscaler = settings.get('postprocess upscaler')
  if (by !== undefined && upscaler !== undefined) {
    const upscale = { upscaler: nameHere(upscaler), scale: toNumber(by) }
    if (draft.set('upscale', upscale, 'Postprocess upscale by')) for (const key of upscaleKeys) taken.add(key)
  }
  return taken
}

function hiresOf(settings: Settings): Record<string, unknown> {
  const number = (key: string): unknown => toNumber(settings.get(key))
  const side = (key: string): unknown => number(key) || undefined
  const sampler = settings.get('hires sampler')
  const named = sampler === undefined || isSame(sampler) ? undefined : splitFusedName(sampler)
  const schedule = settings.get('hires schedule type')
  const fields = {
    scale: number('hires upscale'),
    width: side('hires resize-1'),
    height: side('hires resize-2'),
    upscaler: nameHere(settings.get('hires upscaler') ?? 'Latent'),
    steps: number('hires steps'),
    denoiseStrength: number('denoising strength'),
    sampler: named?.sampler ?? (sampler !== undefined && !isSame(sampler) ? sampler : undefined),
    schedule:
      schedule === undefined || isSame(schedule) ? named?.schedule : (findSchedule(schedule) ?? schedule),
    prompt: settings.get('hires prompt'),
    negativePrompt: settings.get('hires negative prompt'),
    guidanceScale: number('hires cfg scale'),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

const isSame = (name: string): boolean => /^use same/i.test(name)

/** Without an upscaler AUTOMATIC1111 resizes with Lanczos' filter. */
const nameHere = (upscaler: string): string => (upscaler === 'None' ? 'Lanczos' : upscaler)
