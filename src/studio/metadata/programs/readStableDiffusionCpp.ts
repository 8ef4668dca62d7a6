import type { Generation } from '../../../shared/generation.ts'
import { findSampler, findSchedule } from '../../../shared/samplers.ts'
import type { Picture } from '../picture.ts'
import { draftGeneration, noCounterpart, toNumber, toSeed, type GenerationDraft } from './generationDraft.ts'
import { parseInfotext } from '../infotext.ts'

const ownJson = ', SDCPP: '

/** Whether an infotext comes from stable-diffusion.cpp, which appends JSON without quotes. */
const isStableDiffusionCpp = (text: string): boolean =>
  text.includes(ownJson) || /Version: stable-diffusion\.cpp\S*\s*$/.test(text.slice(-200))

/** Reads stable-diffusion.cpp's infotext: its own key order, samplers and schedules under its own names. */
export function readStableDiffusionCpp({ texts }: Picture): Generation | null {
  const text = texts.get('parameters')
  if (text === undefined || !isStableDiffusionCpp(text)) return null
  const cut = text.lastIndexOf(ownJson)
  const { prompt, negativePrompt, parameters } = parseInfotext(cut < 0 ? text : text.slice(0, cut))
  const draft = draftGeneration('stable-diffusion.cpp', text)
  draft.set('prompt', prompt, 'Prompt')
  draft.set('negativePrompt', negativePrompt, 'Negative prompt')
  draft.set('seedConvention', 'stable-diffusion.cpp', 'RNG')
  draft.setModel(parameters.get('Model'))
  for (const [key, value] of parameters) readers[key]?.(draft, value)
  for (const [key, value] of parameters) {
    if (!Object.hasOwn(readers, key)) draft.leave(key, value, noCounterpart)
  }
  return draft.finish()
}

type Reader = (draft: GenerationDraft, value: string) => void

const readers: Record<string, Reader | undefined> = {
  __proto__: null as never,
  Steps: (draft, value) => draft.set('steps', toNumber(value), 'Steps'),
  'CFG scale': (draft, value) => draft.set('guidanceScale', toNumber(value), 'CFG scale'),
  Seed: (draft, value) => draft.set('seed', toSeed(value), 'Seed'),
  'Size-1': (draft, value) => draft.set('width', toNumber(value), 'Size'),
  'Size-2': (draft, value) => draft.set('height', toNumber(value), 'Size'),
  Eta: (draft, value) => draft.set('eta', toNumber(value), 'Eta'),
  'Clip skip': (draft, value) =>
    draft.set('clipSkip', Number(value) > 0 ? Number(value) : undefined, 'Clip skip'),
  Sampler: readSampler,
  RNG: (draft, value) => {
    if (value !== 'cuda') draft.leave('RNG', value, 'only the noise of its RNG "cuda" is made here')
  },
  'Sampler RNG': (draft, value) => {
    if (value !== 'cuda') draft.leave('Sampler RNG', value, 'only the noise of its RNG "cuda" is made here')
  },
  // Distilled guidance belongs to Flux models; every other model carries the number and ignores it.
  Guidance: () => undefined,
  Model: () => undefined,
  Version: () => undefined,
}

/** "euler_a karras": a sampler and, after the last space, a schedule. "discrete" is its evenly spaced one. */
function readSampler(draft: GenerationDraft, value: string): void {
  const space = value.lastIndexOf(' ')
  const [sampler, schedule] = space < 0 ? [value, ''] : [value.slice(0, space), value.slice(space + 1)]
  draft.set('sampler', findSampler(sampler.replaceAll(' ', '_')) ?? sampler, 'Sampler')
  if (schedule !== '')
    draft.set(
      'schedule',
      schedule === 'discrete' ? 'Normal' : (findSchedule(schedule) ?? schedule),
      'Sampler',
    )
}
