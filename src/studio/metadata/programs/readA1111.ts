import type { Generation, GenerationSource } from '../../../shared/generation.ts'
import type { GenerationRequestInput } from '../../../shared/request.ts'
import { seedConventions } from '../../../shared/request.ts'
import { splitFusedName } from '../../../shared/samplers.ts'
import {
  draftGeneration,
  noCounterpart,
  startedFromPicture,
  toNumber,
  toSeed,
  type GenerationDraft,
} from './generationDraft.ts'
import { parseInfotext, type Infotext } from '../infotext.ts'
import type { Picture } from '../picture.ts'

/** Keys whose number goes into the request as it is. */
const numberFields: Record<string, keyof GenerationRequestInput> = {
  Steps: 'steps',
  'CFG scale': 'guidanceScale',
  'Size-1': 'width',
  'Size-2': 'height',
  'Variation seed strength': 'variationStrength',
  'Seed resize from-1': 'seedResizeWidth',
  'Seed resize from-2': 'seedResizeHeight',
  'Clip skip': 'clipSkip',
  ENSD: 'etaNoiseSeedDelta',
  Eta: 'eta',
  'Eta DDIM': 'eta',
  'Sigma churn': 'sChurn',
  'Sigma tmin': 'sTmin',
  'Sigma tmax': 'sTmax',
  'Sigma noise': 'sNoise',
  'Guidance rescale': 'guidanceRescale',
}

/** Keys whose number goes into the request unless it is 0, which means "not set" there. */
const optionalFields: Record<string, keyof GenerationRequestInput> = {
  'Schedule min sigma': 'sigmaMin',
  'Schedule max sigma': 'sigmaMax',
  'Schedule rho': 'rho',
}

/** Keys that change nothing: what is written when a setting stands at its default. */
const harmless = new Set([
  'Version',
  'User',
  'Lora hashes',
  'TI hashes',
  'Model',
  'Model hash',
  'Schedule type',
])

type Reader = (draft: GenerationDraft, value: string, parameters: ReadonlyMap<string, string>) => void

const readers: Record<string, Reader> = {
  Seed: (draft, value) => draft.set('seed', toSeed(value), 'Seed'),
  'Variation seed': (draft, value) => draft.set('variationSeed', toSeed(value), 'Variation seed'),
  Sampler: (draft, value, parameters) => setSampler(draft, value, parameters.get('Schedule type')),
  RNG: (draft, value) => {
    if (value === 'CPU') draft.set('seedConvention', 'AUTOMATIC1111 CPU', 'RNG')
    else if (value !== 'GPU' && value !== 'NV') draft.leave('RNG', value, noCounterpart)
  },
  'Seed convention': (draft, value) => {
    if (seedConventions.some((convention) => convention === value))
      draft.set('seedConvention', value, 'Seed convention')
    else draft.leave('Seed convention', value, noCounterpart)
  },
  'Discard penultimate sigma': (draft, value) =>
    draft.set('discardPenultimateSigma', value === 'True', 'Discard penultimate sigma'),
  'Noise Schedule': (draft, value) => {
    if (value === 'Zero Terminal SNR') draft.set('zeroTerminalSnr', true, 'Noise Schedule')
    else if (value !== 'Default') draft.leave('Noise Schedule', value, noCounterpart)
  },
  'Denoising strength': (draft, value, parameters) => {
    if (parameters.has('Hires upscale') || parameters.has('Hires resize-1')) {
      draft.leave('Denoising strength', value, 'belongs to the second pass, which has no counterpart here')
      return
    }
    draft.set('denoiseStrength', toNumber(value), 'Denoising strength')
    draft.leave('Denoising strength', value, startedFromPicture)
  },
}

/** Reads an infotext; outside of PNG only one with steps, since cameras and people write there as well. */
export function readA1111({ texts, isPng }: Picture): Generation | null {
  const text = texts.get('parameters')
  if (text === undefined) return null
  const infotext = parseInfotext(text)
  if (!isPng && !infotext.parameters.has('Steps')) return null
  return infotextGeneration(infotext, text, texts.get('fooocus_scheme') === 'a1111' ? 'Fooocus' : undefined)
}

/** The generation of an infotext; absent keys mean what AUTOMATIC1111 takes them to mean. */
export function infotextGeneration(infotext: Infotext, text: string, source?: GenerationSource): Generation {
  const { prompt, negativePrompt, parameters } = infotext
  const draft = draftGeneration(source ?? sourceOf(parameters.get('Version') ?? ''), text)
  draft.set('prompt', prompt, 'Prompt')
  draft.set('negativePrompt', negativePrompt, 'Negative prompt')
  draft.set('seedConvention', 'AUTOMATIC1111 GPU', 'RNG')
  draft.setModel(parameters.get('Model') ?? parameters.get('Model hash'), parameters.get('Model hash'))
  for (const [key, value] of parameters) readParameter(draft, key, value, parameters)
  if (countsStepsOldWay(parameters.get('Version')) && prompt.includes('[')) {
    draft.leave('Version', parameters.get('Version'), 'counted the steps of [a:b:n] in another way')
  }
  return draft.finish()
}

function readParameter(
  draft: GenerationDraft,
  key: string,
  value: string,
  parameters: ReadonlyMap<string, string>,
) {
  if (Object.hasOwn(readers, key)) readers[key](draft, value, parameters)
  else if (Object.hasOwn(numberFields, key)) draft.set(numberFields[key], toNumber(value), key)
  else if (Object.hasOwn(optionalFields, key))
    draft.set(optionalFields[key], toNumber(value) || undefined, key)
  else if (!harmless.has(key)) draft.leave(key, value, noCounterpart)
}

/** Takes a sampler and a schedule, also where the sampler's name holds the schedule ("DPM++ 2M Karras"). */
function setSampler(draft: GenerationDraft, sampler: string, schedule?: string): void {
  const names = splitFusedName(sampler)
  draft.set('sampler', names?.sampler ?? sampler, 'Sampler')
  draft.set('schedule', names?.schedule ?? schedule, 'Schedule type')
}

function sourceOf(version: string): GenerationSource {
  if (version.startsWith('Latent Studio')) return 'Latent Studio'
  if (version.startsWith('Fooocus')) return 'Fooocus'
  return /^f\d/.test(version) ? 'Forge' : 'AUTOMATIC1111'
}

/** Versions before 1.6.0 read "Old prompt editing timelines" (infotext_versions.backcompat). */
function countsStepsOldWay(version = ''): boolean {
  const numbers = /^v?(\d+)\.(\d+)/.exec(version)
  return numbers !== null && (Number(numbers[1]) < 1 || (Number(numbers[1]) === 1 && Number(numbers[2]) < 6))
}
