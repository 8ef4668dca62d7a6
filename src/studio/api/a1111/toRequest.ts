import { randomInt } from 'node:crypto'
import {
  findSchedule,
  nearestMethods,
  samplers,
  schedules,
  splitFusedName,
  type SamplerName,
  type ScheduleName,
} from '../../../shared/models/samplers.ts'
import type { GenerationRequestInput, SeedConvention } from '../../../shared/request/request.ts'
import { badField } from './answers.ts'
import type { Options } from './options.ts'
import { defaults, type CommonCall, type TextCall } from './schemas.ts'

const conventions: Readonly<Record<Options['randnSource'], SeedConvention>> = {
  GPU: 'AUTOMATIC1111 GPU',
  NV: 'AUTOMATIC1111 GPU',
  CPU: 'AUTOMATIC1111 CPU',
}

/**
 * What all calls say, as a request of one iteration. What is left out is as the model says, and where that says nothing as
 * AUTOMATIC1111's default. `say` hears of every value that had to be changed.
 */
export function toRequest(
  said: CommonCall,
  { model, vae, clipSkip, etaNoiseSeedDelta, randnSource }: Options,
  say: (warning: string) => void,
) {
  const info = model.info!
  const side = (name: 'width' | 'height', usual: number): number =>
    wholeMultiple(name, said[name] ?? usual, info.sizeMultiple, say)
  const from = [said.seed_resize_from_w ?? 0, said.seed_resize_from_h ?? 0]
  const isResized = from.every((length) => length > 0)
  return {
    prompt: said.prompt ?? '',
    negativePrompt: said.negative_prompt ?? '',
    styles: said.styles ?? [],
    seed: isOpen(said.seed) ? randomInt(2 ** 32 - 2) : said.seed,
    variationSeed: isOpen(said.subseed) ? null : said.subseed,
    variationStrength: said.subseed_strength ?? 0,
    seedResizeWidth: isResized ? wholeMultiple('seed_resize_from_w', from[0], 8, say) : null,
    seedResizeHeight: isResized ? wholeMultiple('seed_resize_from_h', from[1], 8, say) : null,
    steps: said.steps ?? info.defaults.steps ?? defaults.common.steps,
    guidanceScale: said.cfg_scale ?? info.defaults.guidanceScale ?? defaults.common.cfg_scale,
    ...methodOf(said, info.defaults),
    width: side('width', info.defaultWidth),
    height: side('height', info.defaultHeight),
    batchSize: said.batch_size ?? 1,
    clipSkip: said.clip_skip && said.clip_skip > 1 ? said.clip_skip : clipSkip,
    model: model.id,
    vae,
    etaNoiseSeedDelta,
    seedConvention: conventions[randnSource],
    eta: said.eta ?? null,
    sChurn: said.s_churn ?? 0,
    sTmin: said.s_tmin ?? 0,
    sTmax: said.s_tmax || null,
    sNoise: said.s_noise ?? 1,
  } satisfies GenerationRequestInput
}

const isOpen = (seed: string | number | undefined): seed is undefined | -1 | '-1' =>
  seed === undefined || String(seed) === '-1'

/** AUTOMATIC1111 rounds sides down to whole latents. */
function wholeMultiple(
  name: string,
  length: number,
  multiple: number,
  say: (warning: string) => void,
): number {
  const whole = Math.max(multiple, Math.floor(length / multiple) * multiple)
  if (whole !== length) say(`${name}: ${length} is no multiple of ${multiple}; ${whole} was drawn.`)
  return whole
}

/** "DPM++ 2M Karras" is a sampler and a schedule, as in AUTOMATIC1111 before 1.9. */
function methodOf(
  said: CommonCall,
  usual: { sampler?: SamplerName | undefined; schedule?: ScheduleName | undefined },
): { sampler: SamplerName; schedule: ScheduleName } {
  const field = said.sampler_name ? 'sampler_name' : 'sampler_index'
  const name = said.sampler_name || said.sampler_index
  if (!name) {
    const schedule = scheduleOf('scheduler', said.scheduler) ?? usual.schedule ?? 'Automatic'
    return { sampler: usual.sampler ?? 'Euler', schedule }
  }
  const { sampler, schedule } = samplerOf(field, name)
  const named = scheduleOf('scheduler', said.scheduler)
  return { sampler, schedule: named && named !== 'Automatic' ? named : (schedule ?? 'Automatic') }
}

function samplerOf(field: string, name: string) {
  const found = splitFusedName(name)
  if (found) return found
  throw badField(
    field,
    `there is no sampler "${name}"; the nearest are ${nearestMethods(samplers, name).join(', ')}`,
  )
}

function scheduleOf(field: string, name: string | undefined): ScheduleName | undefined {
  if (!name) return undefined
  const found = findSchedule(name)
  if (found) return found
  throw badField(
    field,
    `there is no schedule "${name}"; the nearest are ${nearestMethods(schedules, name).join(', ')}`,
  )
}

/** The second pass that a call asks for; its strength is that of the call. */
export function hiresOf(
  said: TextCall,
  { sizeMultiple }: { sizeMultiple: number },
  say: (warning: string) => void,
): GenerationRequestInput['hires'] {
  if (!said.enable_hr) return null
  const side = (name: 'hr_resize_x' | 'hr_resize_y'): number | null =>
    said[name] ? wholeMultiple(name, said[name], sizeMultiple, say) : null
  const own = (name: string | undefined): string | undefined =>
    /^use same/i.test(name ?? '') ? undefined : name
  const sampler = own(said.hr_sampler_name)
  const method = sampler ? samplerOf('hr_sampler_name', sampler) : null
  return {
    scale: said.hr_scale ?? defaults.txt2img.hr_scale,
    width: side('hr_resize_x'),
    height: side('hr_resize_y'),
    upscaler: said.hr_upscaler === 'None' ? 'Lanczos' : (said.hr_upscaler ?? 'Latent'),
    steps: said.hr_second_pass_steps ?? 0,
    denoiseStrength: said.denoising_strength ?? 0.75,
    sampler: method?.sampler ?? null,
    schedule: scheduleOf('hr_scheduler', own(said.hr_scheduler)) ?? method?.schedule ?? null,
    guidanceScale: said.hr_cfg ?? null,
    prompt: said.hr_prompt || null,
    negativePrompt: said.hr_negative_prompt || null,
  }
}
