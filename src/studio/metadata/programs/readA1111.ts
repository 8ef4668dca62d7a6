import type { Generation, GenerationSource } from '../../../shared/library/generation.ts'
import { loraTags, type LoraTag } from '../../../shared/prompt/loraTags.ts'
import { seedConventions, type GenerationRequestInput } from '../../../shared/request/request.ts'
import { readFast } from '../fastText.ts'
import { parseInfotext, type Infotext } from '../infotext.ts'
import { readInpaint } from '../inpaintText.ts'
import type { Picture } from '../picture.ts'
import { leaveCivitaiResources, modelOfCivitaiResources } from './civitaiResources.ts'
import {
  draftGeneration,
  noCounterpart,
  startedFromPicture,
  toNumber,
  toSeed,
  underMask,
  type GenerationDraft,
} from './generationDraft.ts'
import { readControlUnits } from './controlUnits.ts'
import { modelOfHashes, readHashes, readVae } from './infotextHashes.ts'
import { infotextProgram } from './infotextPrograms.ts'
import { setMethod } from './method.ts'
import { readFurtherPasses, withOldFirstPass } from './secondPass.ts'

type Settings = ReadonlyMap<string, string>

/** Settings, by keys in lower case, whose number goes into the request as it is. */
const numberFields: Record<string, keyof GenerationRequestInput> = {
  steps: 'steps',
  'cfg scale': 'guidanceScale',
  'size-1': 'width',
  'size-2': 'height',
  width: 'width',
  height: 'height',
  'variation seed strength': 'variationStrength',
  'variation strength': 'variationStrength',
  'seed resize from-1': 'seedResizeWidth',
  'seed resize from-2': 'seedResizeHeight',
  'clip skip': 'clipSkip',
  ensd: 'etaNoiseSeedDelta',
  'sampler eta delta': 'etaNoiseSeedDelta',
  eta: 'eta',
  'eta ddim': 'eta',
  'sigma churn': 'sChurn',
  'sigma tmin': 'sTmin',
  'sigma tmax': 'sTmax',
  'sigma noise': 'sNoise',
  'guidance rescale': 'guidanceRescale',
  'cfg rescale': 'guidanceRescale',
}

/** What the two sides of a size are called; the text has both under one key. */
const sideNames: Record<string, string> = {
  'size-1': 'Width',
  'size-2': 'Height',
  'seed resize from-1': 'Seed resize width',
  'seed resize from-2': 'Seed resize height',
}

/** Settings whose number goes into the request unless it is 0, which means "not set" there. */
const optionalFields: Record<string, keyof GenerationRequestInput> = {
  'schedule min sigma': 'sigmaMin',
  'schedule max sigma': 'sigmaMax',
  'schedule rho': 'rho',
}

/** Settings that change no pixels of one picture, or say again what others say. */
const harmless = new Set(
  ['version', 'user', 'app', 'backend', 'parser', 'operations', 'pipeline', 'comment', 'created date'].concat(
    [
      'model',
      'model hash',
      'vae hash',
      'lora hashes',
      'lora weights',
      'ti hashes',
      'schedule type',
      'scheduler',
      'sampler sigma',
      'batch',
      'batch-1',
      'batch-2',
    ],
    [
      'index-1',
      'index-2',
      'raw prompt',
      'raw negative prompt',
      'refiner hash',
      'performance',
      'civitai metadata',
    ],
    ['hashes', 'civitai resources', 'cache fp16 weight for lora', 'adetailer version'],
  ),
)

/** Values that say of a setting that it stands at its default or is off; beside those that are nothing at all. */
const defaults: Record<string, string> = {
  emphasis: 'original',
  'vae encoder': 'full',
  'vae decoder': 'full',
  vae: 'default (model)',
  'masked content': 'original',
  'noise schedule': 'default',
  'start at step': '0',
  'end at step': '10000',
}
const off = new Set(['', 'none', 'false', 'disable', 'disabled', 'automatic', 'default', '{}', '[]'])

type Reader = (draft: GenerationDraft, value: string, key: string, settings: Settings) => void

const leave =
  (reason: string): Reader =>
  (draft, value, key) =>
    draft.leave(key, value, reason)

const mostEmbeddings = 50
const drawnFromTemplate = leave('is what the prompt was drawn from; the prompt that ran is taken')

const readers: Record<string, Reader> = {
  seed: (draft, value, key) => draft.set('seed', toSeed(value), key),
  'variation seed': (draft, value, key) => draft.set('variationSeed', toSeed(value), key),
  sampler: (draft, value, key, settings) => {
    const schedule = ['schedule type', 'scheduler', 'sampler sigma'].find((name) => settings.has(name))
    const named = schedule === undefined ? undefined : { key: schedule, value: settings.get(schedule) }
    setMethod(draft, { key, value }, named)
  },
  rng: (draft, value, key) => {
    if (value === 'CPU') draft.set('seedConvention', 'AUTOMATIC1111 CPU', key)
    else if (value !== 'GPU' && value !== 'NV') draft.leave(key, value, noCounterpart)
  },
  'seed convention': (draft, value, key) => {
    if (seedConventions.some((convention) => convention === value)) draft.set('seedConvention', value, key)
    else draft.leave(key, value, noCounterpart)
  },
  'discard penultimate sigma': (draft, value, key) =>
    draft.set('discardPenultimateSigma', value === 'True', key),
  turbo: (draft, value, key) => draft.set('turbo', value === 'True', key),
  'noise schedule': (draft, value, key) => {
    if (value === 'Zero Terminal SNR') draft.set('zeroTerminalSnr', true, key)
    else draft.leave(key, value, noCounterpart)
  },
  fast: (draft, value, key) => {
    const fast = readFast(value)
    if (fast) draft.set('fast', fast, key)
    else draft.leave(key, value, noCounterpart)
  },
  'denoising strength': readDenoisingStrength,
  vae: (draft, value, _key, settings) => {
    if (!off.has(value.toLowerCase())) readVae(draft, value, settings)
  },
  embeddings: (draft, value, key) => {
    for (const name of value.split(',').slice(0, mostEmbeddings))
      draft.needFile({ kind: 'embedding', name: name.trim() }, key, name.trim())
  },
  template: drawnFromTemplate,
  'negative template': drawnFromTemplate,
  'original prompt': drawnFromTemplate,
  'original negative': drawnFromTemplate,
}

/** Keys of a second pass. */
const secondPass = /^(hires |first ?pass )/
const ofSecondPass = 'belongs to a second pass that cannot be taken over as it is told; set it beside "Hires"'

/** Groups of settings by how their keys begin. */
const groups: readonly (readonly [start: RegExp, read: Reader])[] = [
  [secondPass, leave(ofSecondPass)],
  [/^refine$/, leave(ofSecondPass)],
  [/^refiner/, leave('belongs to a second model, which has no counterpart here')],
  [/^(mask|inpaint|soft inpainting)/, leave(underMask)],
  [/^init image/, leave(startedFromPicture)],
]

/** A strength of 1 without a picture is how programs on ComfyUI's sampling say that there was none. */
function readDenoisingStrength(draft: GenerationDraft, value: string, key: string, settings: Settings): void {
  if ([...settings.keys()].some((name) => secondPass.test(name))) {
    draft.leave(key, value, ofSecondPass)
    return
  }
  if (Number(value) === 1 && settings.has('scheduler')) return
  draft.set('denoiseStrength', toNumber(value), key)
  draft.leave(key, value, startedFromPicture)
}

/** Reads an infotext; outside of PNG only one with steps, since cameras and people write there as well. */
export function readA1111({ texts, isPng }: Picture): Generation | null {
  const text = texts.get('parameters')
  if (text === undefined || /^\s*[[{]/.test(text)) return null
  const infotext = parseInfotext(text)
  if (!isPng && !infotext.parameters.has('Steps')) return null
  return infotextGeneration(infotext, text, texts)
}

/** The generation of an infotext; absent keys mean what AUTOMATIC1111 takes them to mean. */
export function infotextGeneration(
  { prompt, negativePrompt, parameters }: Infotext,
  text: string,
  texts: ReadonlyMap<string, string> = new Map(),
): Generation {
  const settings = withOldFirstPass(
    new Map([...parameters].map(([key, value]) => [key.toLowerCase(), value])),
  )
  const { source, noise } = infotextProgram(settings, texts)
  const draft = draftGeneration(source, text)
  const keepsTags = settings.get('seed convention') === 'ComfyUI'
  const ownPrompt = source === 'Latent Studio' && keepsTags ? takeTags(draft, prompt) : prompt
  setPrompts(draft, source, { prompt: ownPrompt, negativePrompt })
  draft.set('seedConvention', noise, 'RNG')
  const model = settings.get('model') ?? modelOfCivitaiResources(settings)
  const hash = settings.get('model hash') ?? modelOfHashes(settings)
  draft.setModel(model ?? hash, hash)
  const taken = new Set([
    ...readFurtherPasses(draft, settings),
    ...readControlUnits(draft, settings),
    ...readMasked(draft, settings),
  ])
  for (const [key, value] of parameters)
    if (!taken.has(key.toLowerCase()))
      readSetting(draft, key, settings.get(key.toLowerCase()) ?? value, settings)
  // It leaves out the name of the model's own sampler.
  if (source === 'SD.Next' && !settings.has('sampler')) setMethod(draft, { key: 'Sampler', value: 'Default' })
  leaveCivitaiResources(draft, settings)
  readHashes(draft, settings, prompt)
  if (countsStepsOldWay(settings.get('version')) && prompt.includes('[')) {
    draft.leave('Version', settings.get('version'), 'counted the steps of [a:b:n] in another way')
  }
  return draft.finish()
}

/** Takes how a masked part was painted, and says that the mask is not there; answers the keys that are taken care of. */
function readMasked(draft: GenerationDraft, settings: Settings): string[] {
  const told = readInpaint(settings)
  if (!told || !draft.set('inpaint', told.inpaint, 'Inpaint area')) return []
  draft.leave('Mask', told.keys.map((key) => `${key} ${settings.get(key)}`).join(', '), underMask)
  return told.keys
}

/** A node of ComfyUI that saves pictures writes "unknown" for texts that are not linked to it. */
function setPrompts(
  draft: GenerationDraft,
  source: GenerationSource,
  { prompt, negativePrompt }: { prompt: string; negativePrompt: string },
): void {
  if (source === 'ComfyUI' && prompt === 'unknown') {
    draft.leave(
      'Prompt',
      prompt,
      'was not handed to what saved the picture; its settings may be defaults as well',
    )
    return
  }
  draft.set('prompt', prompt, 'Prompt')
  draft.set('negativePrompt', negativePrompt, 'Negative prompt')
}

/** With the seeds of ComfyUI tags are words: those that we wrote behind a prompt are LoRAs beside it. */
function takeTags(draft: GenerationDraft, prompt: string): string {
  const tags: LoraTag[] = []
  let rest = prompt
  for (;;) {
    const start = rest.endsWith('>') ? rest.lastIndexOf('<lora:') : -1
    const [tag] = start < 0 ? [] : loraTags(rest.slice(start))
    if (!tag) break
    tags.unshift(tag)
    rest = rest.slice(0, start).trimEnd()
  }
  for (const tag of tags) draft.addLora(tag, tag.written.slice('<lora:'.length, -1))
  return rest
}

function readSetting(draft: GenerationDraft, written: string, value: string, settings: Settings): void {
  const key = written.toLowerCase()
  if (/^(module \d+|te|unet|t5|pipeline)$/.test(key)) draft.tellFamily(value)
  if (Object.hasOwn(defaults, key) && defaults[key] === value.toLowerCase()) return
  if (Object.hasOwn(readers, key)) readers[key](draft, value, written, settings)
  else if (off.has(value.toLowerCase())) return
  else if (Object.hasOwn(numberFields, key))
    draft.set(numberFields[key], toNumber(value), sideNames[key] ?? written)
  else if (Object.hasOwn(optionalFields, key))
    draft.set(optionalFields[key], toNumber(value) || undefined, written)
  else if (!harmless.has(key)) {
    const group = groups.find(([start]) => start.test(key))
    const read = group?.[1] ?? leave(noCounterpart)
    // A size was parted into its two sides.
    const sides = /^(.*)-([12])$/.exec(written)
    const height = sides && settings.get(`${sides[1].toLowerCase()}-2`)
    if (!height) read(draft, value, written, settings)
    else if (sides[2] === '1') read(draft, `${value}x${height}`, sides[1], settings)
  }
}

/** Versions before 1.6.0 read "Old prompt editing timelines" (infotext_versions.backcompat). */
function countsStepsOldWay(version = ''): boolean {
  const numbers = /^v?(\d+)\.(\d+)/.exec(version)
  return numbers !== null && (Number(numbers[1]) < 1 || (Number(numbers[1]) === 1 && Number(numbers[2]) < 6))
}
