import type { Generation } from '../../../shared/library/generation.ts'
import { findSampler, findSchedule } from '../../../shared/models/samplers.ts'
import type { Picture } from '../picture.ts'
import { draftGeneration, noCounterpart, toNumber, toSeed, type GenerationDraft } from './generationDraft.ts'
import { parseInfotext } from '../infotext.ts'
import { readFurtherPasses } from './secondPass.ts'
import { isObject, parseObject } from '../tolerantJson.ts'

const ownJson = ', SDCPP: '

/** Whether an infotext comes from stable-diffusion.cpp, which appends JSON without quotes. */
const isStableDiffusionCpp = (text: string): boolean =>
  text.includes(ownJson) || /Version: stable-diffusion\.cpp\S*\s*$/.test(text.slice(-200))

/** Reads stable-diffusion.cpp's infotext: its own key order, samplers and schedules under its own names. */
export function readStableDiffusionCpp({ texts }: Picture): Generation | null {
  const text = texts.get('parameters')
  if (text === undefined || !isStableDiffusionCpp(text)) return null
  const cut = text.lastIndexOf(ownJson)
  const infotext = numberTextEncoders(cut < 0 ? text : text.slice(0, cut))
  const { prompt, negativePrompt, parameters } = parseInfotext(infotext)
  const draft = draftGeneration('stable-diffusion.cpp', text)
  draft.set('prompt', prompt, 'Prompt')
  draft.set('negativePrompt', negativePrompt, 'Negative prompt')
  draft.set('seedConvention', 'stable-diffusion.cpp', 'RNG')
  // A model in parts has its network under Unet, and nothing under Model.
  const model = parameters.get('Model') || parameters.get('Unet')
  draft.setModel(model)
  const settings = new Map([...parameters].map(([key, value]) => [key.toLowerCase(), value]))
  const taken = readFurtherPasses(draft, settings)
  for (const [key, value] of parameters) {
    if (taken.has(key.toLowerCase())) continue
    const read = readers[key]
    if (key === 'Eta' && cut < 0 && countsForNothing(value, parameters.get('Sampler'))) continue
    if (read) read(draft, value)
    else if (/^(TE|VAE)( \d+)?$/.test(key)) leavePart(draft, key, value)
    else if (value !== model && !isUnsetHires(key, value)) draft.leave(key, value, noCounterpart)
  }
  leaveLoras(draft, prompt, cut < 0 ? undefined : text.slice(cut + ownJson.length))
  return draft.finish()
}

/** A second pass says its size or its steps as 0 where the scale or the first pass decides them. */
const isUnsetHires = (key: string, value: string): boolean =>
  /^Hires (resize-[12]|steps)$/.test(key) && Number(value) === 0

/** Versions without JSON wrote an eta of 0 whatever ran, and only DDIM and TCD listened to it. */
const countsForNothing = (eta: string, sampler = ''): boolean =>
  Number(eta) === 0 && !/ddim|tcd/i.test(sampler)

/** Several text encoders have one key between them; from the second on it is numbered. */
function numberTextEncoders(text: string): string {
  const settings = Math.max(0, text.lastIndexOf('\nSteps: '))
  let count = 0
  const numbered = text.slice(settings).replace(/, TE: /g, (key) => (++count === 1 ? key : `, TE ${count}: `))
  return text.slice(0, settings) + numbered
}

function leavePart(draft: GenerationDraft, key: string, value: string): void {
  draft.tellFamily(value)
  draft.leave(key, value, 'is a file of its own beside the model; here the model brings its own')
}

/** LoRAs that the JSON names. Those that the prompt names are told by their tags. */
function leaveLoras(draft: GenerationDraft, prompt: string, json: string | undefined): void {
  const loras = parseObject(json)?.loras
  for (const lora of Array.isArray(loras) ? (loras as unknown[]) : []) {
    if (!isObject(lora) || typeof lora.name !== 'string') continue
    const stem = lora.name.replace(/\.(safetensors|ckpt|gguf|pt)$/, '')
    if (!prompt.includes(`<lora:${stem}`))
      draft.addLora({ name: stem, unet: lora.multiplier, text: lora.multiplier }, [
        lora.name,
        lora.multiplier,
      ])
  }
}

type Reader = (draft: GenerationDraft, value: string) => void

const readers: Record<string, Reader | undefined> = {
  __proto__: null as never,
  Steps: (draft, value) => draft.set('steps', toNumber(value), 'Steps'),
  'CFG scale': (draft, value) => draft.set('guidanceScale', toNumber(value), 'CFG scale'),
  Seed: (draft, value) => draft.set('seed', toSeed(value), 'Seed'),
  'Size-1': (draft, value) => draft.set('width', toNumber(value), 'Width'),
  'Size-2': (draft, value) => draft.set('height', toNumber(value), 'Size'),
  // "inf" stands for the sampler's own.
  Eta: (draft, value) =>
    draft.set('eta', /^[+-]?(inf|nan)/i.test(value) ? undefined : toNumber(value), 'Eta'),
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
