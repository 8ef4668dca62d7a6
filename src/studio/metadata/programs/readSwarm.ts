import type { Generation } from '../../../shared/library/generation.ts'
import type { GenerationRequestInput } from '../../../shared/request/request.ts'
import { findSampler, findSchedule } from '../../../shared/models/samplers.ts'
import type { Picture } from '../picture.ts'
import { addControl } from './controlUnits.ts'
import {
  draftGeneration,
  isNothing,
  noCounterpart,
  startedFromPicture,
  toNumber,
  toSeed,
  toText,
  type GenerationDraft,
} from './generationDraft.ts'
import { needUpscaler } from './secondPass.ts'
import { isObject, parseObject, type JsonObject } from '../tolerantJson.ts'

const numberFields: Record<string, keyof GenerationRequestInput> = {
  steps: 'steps',
  cfgscale: 'guidanceScale',
  width: 'width',
  height: 'height',
  variationseedstrength: 'variationStrength',
  rescalecfgmultiplier: 'guidanceRescale',
  samplersigmamin: 'sigmaMin',
  samplersigmamax: 'sigmaMax',
  samplerrho: 'rho',
}

type Reader = (draft: GenerationDraft, value: unknown, parameters: JsonObject) => void

const readers: Record<string, Reader> = {
  prompt: (draft, value) => draft.set('prompt', value, 'prompt'),
  negativeprompt: (draft, value) => draft.set('negativePrompt', value, 'negativeprompt'),
  seed: (draft, value) => draft.set('seed', toSeed(value), 'seed'),
  variationseed: (draft, value) => draft.set('variationSeed', toSeed(value), 'variationseed'),
  sampler: (draft, value) => draft.set('sampler', findSampler(String(value)) ?? value, 'sampler'),
  scheduler: (draft, value) => draft.set('schedule', findSchedule(String(value)) ?? value, 'scheduler'),
  clipstopatlayer: (draft, value) => draft.set('clipSkip', -Number(value) || undefined, 'clipstopatlayer'),
  model: (draft, value) => draft.setModel(value),
  initimage: () => undefined,
  maskimage: (draft, value) =>
    draft.leave('maskimage', value, 'painted only under a mask that the file does not hold'),
  // It is written only where there was a picture to start from.
  initimagecreativity: (draft, value) => {
    draft.set('denoiseStrength', toNumber(value), 'initimagecreativity')
    draft.leave('initimage', `initimagecreativity ${String(value)}`, startedFromPicture)
  },
  loras: (draft, value, parameters) => {
    const weights = listOf(parameters.loraweights)
    listOf(value).forEach((name, index) => {
      const weight = weights[index] ?? 1
      draft.addLora({ name, unet: weight, text: weight }, [name, weight])
    })
  },
  loraweights: () => undefined,
  vae: (draft, value) => {
    if (value === 'Automatic') return
    draft.tellFamily(value)
    draft.setVae(value, 'vae')
  },
}

/** A list, or a text with commas between its parts. */
const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? value.split(',') : []

/** Keys that change no pixels of a single picture. */
const harmless = new Set([
  ...[
    'images',
    'aspectratio',
    'sidelength',
    'swarm_version',
    'personalnote',
    'modelspecs',
    'original_prompt',
  ],
  ...['original_negativeprompt', 'backendtype', 'internalbackendtype', 'exactbackendid', 'automaticvae'],
  ...[
    'donotsave',
    'donotsaveintermediates',
    'nopreviews',
    'outputintermediateimages',
    'imageformat',
    'bitdepth',
  ],
  ...[
    'colordepth',
    'webhooks',
    'wildcardseed',
    'wildcardseedbehavior',
    'noseedincrement',
    'continueaftererrors',
  ],
  ...[
    'initimagerecompositemask',
    'preferreddtype',
    'modelattentionbackend',
    'setclipdevice',
    'overrideoutpathformat',
  ],
])

/** What SwarmUI reads in a prompt beyond the words: parts of the picture, other steps, pictures. */
const promptTags =
  /<(segment|object|region|clear|extend|refiner|base|video|videoswap|alternate|fromto|image|embed|param|preset)(:[^<>\n]{0,200})?>/gi
const mostTags = 50

function leavePromptTags(draft: GenerationDraft, prompt: unknown): void {
  if (typeof prompt !== 'string') return
  for (const [tag] of Array.from(prompt.matchAll(promptTags)).slice(0, mostTags))
    draft.leave('prompt', tag, "is SwarmUI's own way of writing, which is not read here")
}

const latentUpscalers: Readonly<Record<string, string | undefined>> = {
  __proto__: null as never,
  'latent-bilinear': 'Latent',
  'latent-bicubic': 'Latent (bicubic)',
  'latent-nearest-exact': 'Latent (nearest-exact)',
  'pixel-lanczos': 'Lanczos',
}
const refiningKeys = ['upscale', 'controlpercentage', 'upscalemethod', 'steps', 'method', 'cfgscale'].map(
  (name) => `refiner${name}`,
)

/** Takes a second pass over that is drawn larger by the same model; answers the keys that are taken care of. */
function readRefining(draft: GenerationDraft, parameters: JsonObject): ReadonlySet<string> {
  const [by, share, method, steps, kind, guidance] = refiningKeys.map((key) => parameters[key])
  const isOfOtherModel =
    !isUnused(parameters.refinermodel ?? null) && parameters.refinermodel !== '(Use Base)'
  const named = toText(method) ?? 'pixel-lanczos'
  const upscaler = latentUpscalers[named] ?? /^model-(.+?)(\.\w+)?$/.exec(named)?.[1]
  if (!(Number(by) > 1) || isOfOtherModel || !upscaler || (kind && kind !== 'PostApply')) return new Set()
  const hires = {
    upscaler,
    scale: toNumber(by),
    denoiseStrength: toNumber(share),
    steps: toNumber(steps),
    guidanceScale: toNumber(guidance),
  }
  if (!draft.set('hires', hires, 'refinerupscale')) return new Set()
  needUpscaler(draft, upscaler, 'refinerupscalemethod')
  return new Set(refiningKeys)
}

const ofControl = /^controlnet(two|three)?(model|strength|start|end|preprocessor|imageinput)$/

/** A ControlNet, whose settings begin with the name of its unit. */
function readControl(draft: GenerationDraft, parameters: JsonObject, unit: string): void {
  const names = ['model', 'strength', 'start', 'end', 'preprocessor']
  const [model, weight, start, end, preprocessor] = names.map((name) => parameters[unit + name])
  if (isNothing(model) || model === undefined || model === '(None)') return
  const written = { model, weight, start, end, preprocessor }
  addControl(draft, written, `${unit}model`, written)
}

const isUnused = (value: unknown): boolean => isNothing(value) || value === false || value === 'false'

/** Reads SwarmUI's parameters: lower-case ids, values that may be text. Its noise is ComfyUI's. */
export function readSwarm({ texts }: Picture): Generation | null {
  const text = texts.get('parameters')
  const metadata = text?.includes('sui_image_params') ? parseObject(text) : undefined
  if (text === undefined || !metadata?.sui_image_params) return null
  const draft = draftGeneration('SwarmUI', text)
  draft.set('seedConvention', 'ComfyUI', 'seed')
  const parameters = isObject(metadata.sui_image_params) ? metadata.sui_image_params : {}
  const taken = readRefining(draft, parameters)
  for (const [key, value] of Object.entries(parameters)) {
    if (Object.hasOwn(readers, key)) readers[key](draft, value, parameters)
    else if (Object.hasOwn(numberFields, key)) draft.set(numberFields[key], toNumber(value), key)
    else if (!harmless.has(key) && !isUnused(value) && !taken.has(key) && !ofControl.test(key))
      draft.leave(key, value, noCounterpart)
  }
  for (const unit of ['controlnet', 'controlnettwo', 'controlnetthree']) readControl(draft, parameters, unit)
  leavePromptTags(draft, parameters.prompt)
  const models: unknown[] = Array.isArray(metadata.sui_models) ? metadata.sui_models : []
  const model = models.find((each) => isObject(each) && each.param === 'model')
  if (isObject(model)) draft.setModel(model.name, model.hash)
  return draft.finish()
}
