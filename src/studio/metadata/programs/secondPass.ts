import { findSchedule, splitFusedName } from '../../../shared/models/samplers.ts'
import { builtInUpscaler, isNetworkUpscaler } from '../../../shared/models/upscalers.ts'
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
  'first pass size-1',
  'first pass size-2',
]
const upscaleKeys = ['postprocess upscale by', 'postprocess upscaler']

/**
 * The settings of AUTOMATIC1111's highres fix of 2022, which told the first pass by its size, as those of today. A first
 * pass of 0x0 was its own choice (restore_old_hires_fix_params and old_hires_fix_first_pass_dimensions in its modules).
 */
export function withOldFirstPass(settings: Map<string, string>): Settings {
  const number = (key: string): number => Number(settings.get(key))
  const [width, height] = [number('size-1'), number('size-2')]
  let first = [number('first pass size-1'), number('first pass size-2')]
  if (![width, height, ...first].every(Number.isFinite) || !(width * height > 0)) return settings
  if (first.includes(0)) {
    const scale = Math.sqrt((512 * 512) / (width * height))
    first = [width, height].map((side) => Math.ceil((scale * side) / 64) * 64)
  }
  return new Map([
    ...settings,
    ...[width, height].map((side, index) => [`hires resize-${index + 1}`, String(side)] as const),
    ...first.map((side, index) => [`size-${index + 1}`, String(side)] as const),
  ])
}

/** Takes what settings tell of a second pass and of an enlargement; answers the keys that are taken care of. */
export function readFurtherPasses(draft: GenerationDraft, settings: Settings): ReadonlySet<string> {
  const taken = new Set<string>()
  if (
    ['hires upscale', 'hires resize-1', 'hires resize-2'].some((key) => Number(settings.get(key) ?? 0) !== 0)
  ) {
    const hires = hiresOf(settings)
    if (draft.set('hires', hires, 'Hires upscale')) {
      needUpscaler(draft, hires.upscaler, 'Hires upscaler')
      for (const key of [...passKeys, 'denoising strength']) taken.add(key)
    }
  }
  const by = settings.get('postprocess upscale by')
  const upscaler = settings.get('postprocess upscaler')
  if (by !== undefined && upscaler !== undefined) {
    const upscale = { upscaler: nameHere(upscaler), scale: toNumber(by) }
    if (draft.set('upscale', upscale, 'Postprocess upscale by')) {
      needUpscaler(draft, upscale.upscaler, 'Postprocess upscaler')
      for (const key of upscaleKeys) taken.add(key)
    }
  }
  return taken
}

/** Says which network enlarges a picture, where it is one. */
export function needUpscaler(draft: GenerationDraft, name: string, key: string): void {
  if (isNetworkUpscaler(name) && name !== builtInUpscaler)
    draft.needFile({ kind: 'upscaler', name }, key, name)
}

function hiresOf(settings: Settings) {
  const number = (key: string): unknown => toNumber(settings.get(key))
  const side = (key: string): unknown => number(key) || undefined
  const sampler = settings.get('hires sampler')
  const named = sampler === undefined || isSame(sampler) ? undefined : splitFusedName(sampler)
  const schedule = settings.get('hires schedule type')
  const fields = {
    scale: number('hires upscale'),
    width: side('hires resize-1'),
    height: side('hires resize-2'),
    steps: number('hires steps'),
    denoiseStrength: number('denoising strength'),
    sampler: named?.sampler ?? (sampler !== undefined && !isSame(sampler) ? sampler : undefined),
    schedule:
      schedule === undefined || isSame(schedule) ? named?.schedule : (findSchedule(schedule) ?? schedule),
    prompt: settings.get('hires prompt'),
    negativePrompt: settings.get('hires negative prompt'),
    guidanceScale: number('hires cfg scale'),
  }
  const told = Object.entries(fields).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(told), upscaler: nameHere(settings.get('hires upscaler') ?? 'Latent') }
}

const isSame = (name: string): boolean => /^use same/i.test(name)

/** Without an upscaler AUTOMATIC1111 resizes with Lanczos' filter. */
const nameHere = (upscaler: string): string => (upscaler === 'None' ? 'Lanczos' : upscaler)
