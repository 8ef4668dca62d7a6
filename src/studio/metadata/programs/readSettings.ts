import type { Generation } from '../../../shared/library/generation.ts'
import type { Picture } from '../picture.ts'
import { isObject, parseObject, withoutZeroes, type JsonObject } from '../tolerantJson.ts'
import {
  draftGeneration,
  isNothing,
  noCounterpart,
  notLoaded,
  plainFileName,
  startedFromPicture,
  toNumber,
  toSeed,
  toText,
  underMask,
  type GenerationDraft,
} from './generationDraft.ts'
import { setMethod } from './method.ts'
import { needUpscaler } from './secondPass.ts'
import { fieldOf, settingsProgram, type Field, type SettingsProgram } from './settingsPrograms.ts'

/** Settings as one object of a program that is known; null for others. `text` is what is kept of them. */
export function knownSettings(settings: JsonObject, text: string): Generation | null {
  const known = settingsProgram(settings)
  return known ? draftOf(known, settings, text).finish() : null
}

const unknownProgram: SettingsProgram = { source: 'JSON of an unknown program', noise: undefined }

/**
 * Reads settings that are one JSON object: those of the Fooocus family, of Hugging Face Spaces, of imaginAIry, and of
 * programs that are not known as far as their words are. Those are looked for in PNG alone, and elsewhere only where
 * they hold a prompt and settings: JSON may be anything there.
 */
export function readSettings({ texts, isPng }: Picture): Generation | null {
  for (const keyword of ['parameters', 'Comment', 'generation_data']) {
    const text = texts.get(keyword)
    const json = text === undefined || !/^\s*\{/.test(text) ? undefined : parseObject(withoutZeroes(text))
    if (text === undefined || !json || isGraph(json)) continue
    const settings = settingsIn(json)
    const program = texts.get('fooocus_scheme') === 'fooocus' ? { version: 'Fooocus', ...settings } : settings
    const known = settingsProgram(program)
    if (known) return draftOf(known, settings, text).finish()
    if (hasPromptAndSettings(settings)) return draftOf(unknownProgram, settings, text).finish()
    if (isPng && keyword === 'parameters') return unknownJson(settings, text)
  }
  return null
}

/** ImaginAIry has its settings one level down. */
const settingsIn = (json: JsonObject): JsonObject => (isObject(json.prompt) ? json.prompt : json)

const isGraph = (json: JsonObject): boolean =>
  Object.values(json).some((value) => isObject(value) && value.class_type !== undefined)

function hasPromptAndSettings(settings: JsonObject): boolean {
  const fields = new Set(Object.keys(settings).map((key) => fieldOf(unknownProgram, key)))
  const numbers: Field[] = ['steps', 'guidanceScale', 'seed', 'sampler']
  return fields.has('prompt') && numbers.filter((field) => fields.has(field)).length >= 2
}

const mostKeys = 50

function unknownJson(settings: JsonObject, text: string): Generation {
  const draft = draftGeneration(unknownProgram.source, text)
  const entries = Object.entries(settings)
  for (const [key, value] of entries.slice(0, mostKeys))
    draft.leave(key, value, 'is not known here, nor is the program that wrote it')
  if (entries.length > mostKeys) draft.leave('further keys', entries.length - mostKeys, 'are not known here')
  return draft.finish()
}

interface Setting {
  key: string
  value: unknown
}
type Fields = ReadonlyMap<Field, Setting>

function draftOf(program: SettingsProgram, settings: JsonObject, text: string): GenerationDraft {
  const draft = draftGeneration(program.source, text)
  const fields = new Map<Field, Setting>()
  for (const [key, value] of Object.entries(settings)) {
    const field = fieldOf(program, key)
    if (field && !fields.has(field) && !isNothing(value)) fields.set(field, { key, value })
    if (field === 'loras' && !isNothing(value) && !isListed(key, settings)) leaveLoras(draft, value)
    if (field === undefined && !isNothing(value) && !isOff(value) && !saidByFullPrompt(key, settings))
      draft.leave(key, value, noCounterpart)
  }
  draft.set('seedConvention', program.noise, 'seed')
  if (!program.noise && fields.has('seed'))
    draft.leave('seed', fields.get('seed')!.value, 'draws its noise in a way that is not known here')
  setPrompts(draft, fields)
  setNumbers(draft, fields)
  setModel(draft, fields)
  setMethod(draft, fields.get('sampler') ?? { key: 'sampler', value: undefined }, fields.get('schedule'))
  setStart(draft, fields)
  leaveFurtherPasses(draft, fields)
  return draft
}

/** Fooocus lists its LoRAs, and writes each again under a key of its own. */
const isListed = (key: string, { loras }: JsonObject): boolean =>
  /^lora_combined/.test(key) && Array.isArray(loras) && loras.length > 0

const isOff = (value: unknown): boolean =>
  value === false || value === 'Default (model)' || value === 'Automatic'

/** Styles and expansions stand in the full prompt, where there is one. */
const saidByFullPrompt = (key: string, settings: JsonObject): boolean =>
  /^(styles?|style[ _](preset|selections))$/i.test(key) &&
  ['full_prompt', 'Full Prompt', 'real_prompt'].some((name) => Object.hasOwn(settings, name))

function setPrompts(draft: GenerationDraft, fields: Fields): void {
  for (const [field, full, plain] of [
    ['prompt', 'fullPrompt', 'prompt'],
    ['negativePrompt', 'fullNegativePrompt', 'negativePrompt'],
  ] as const) {
    const setting = fields.get(full) ?? fields.get(plain)
    if (!setting) continue
    const parts = promptParts(setting.value)
    draft.set(field, parts.map(({ text }) => text).join(', '), setting.key)
    if (parts.some(({ weight }) => weight !== 1))
      draft.leave(setting.key, setting.value, 'blends texts by weight, which has no counterpart here')
    else if (parts.length > 1)
      draft.leave(setting.key, `${parts.length} texts`, 'were encoded one by one; here they are joined')
  }
}

interface PromptPart {
  text: string
  weight: number
}

/** The texts of a prompt: one, a list of them, or pairs [weight, text]. */
function promptParts(value: unknown): PromptPart[] {
  const parts: unknown[] = Array.isArray(value) ? value : [value]
  return parts
    .map((part): PromptPart => {
      if (Array.isArray(part)) {
        const [weight, text] = part as unknown[]
        return { text: toText(text) ?? '', weight: Number(weight) }
      }
      if (isObject(part))
        return { text: toText(part.text ?? part.prompt) ?? '', weight: Number(part.weight ?? 1) }
      return { text: toText(part) ?? '', weight: 1 }
    })
    .filter(({ text }) => text.trim() !== '')
}

function setNumbers(draft: GenerationDraft, fields: Fields): void {
  for (const field of [
    'steps',
    'guidanceScale',
    'width',
    'height',
    'clipSkip',
    'etaNoiseSeedDelta',
  ] as const) {
    const setting = fields.get(field)
    if (setting) draft.set(field, toNumber(setting.value), setting.key)
  }
  const seed = fields.get('seed')
  if (seed) draft.set('seed', toSeed(seed.value), seed.key)
  const size = fields.get('size')
  const sides = /(\d+)\D+(\d+)/.exec((toText(size?.value) ?? JSON.stringify(size?.value) ?? '').slice(0, 100))
  if (size && sides) {
    draft.set('width', Number(sides[1]), size.key)
    draft.set('height', Number(sides[2]), size.key)
  }
}

function setModel(draft: GenerationDraft, fields: Fields): void {
  const { value } = fields.get('model') ?? {}
  if (!isObject(value)) return draft.setModel(value, fields.get('modelHash')?.value)
  const name = value.modelFileName ?? value.name ?? value.model_name ?? value.label
  draft.setModel(name, value.hash ?? fields.get('modelHash')?.value)
  draft.tellFamily(value.baseModel)
}

const mostLoras = 50

/** [name, weight, hash], [hash, "weight - name"], or "name : weight". */
function loraOf(lora: unknown): { name: string; weight: unknown; hash: unknown } | null {
  if (Array.isArray(lora)) {
    const [first, second, hash] = lora as unknown[]
    const [, weight, name] = /^(-?[\d.]+) - (.+)$/.exec(toText(second) ?? '') ?? []
    if (name !== undefined) return { name, weight, hash: first }
    const isNamed = typeof first === 'string' && typeof toNumber(second) === 'number'
    return isNamed ? { name: first, weight: second, hash } : null
  }
  const [, name, weight] = /^(.*\S) ?: ?(-?[\d.]+)$/.exec(toText(lora) ?? '') ?? []
  return name === undefined ? null : { name, weight, hash: undefined }
}

function leaveLoras(draft: GenerationDraft, value: unknown): void {
  const loras: unknown[] = Array.isArray(value) ? value : [value]
  for (const lora of loras.slice(0, mostLoras)) {
    const isUnused = /^(Loras:\s*|None( : .*)?)$/.test(toText(lora) ?? '-')
    if (isUnused) continue
    const found = loraOf(lora)
    if (!found) draft.leave('LoRA', lora, 'is written in a way that is not known here')
    else {
      draft.addLora({ ...found, unet: found.weight, text: found.weight }, lora)
      draft.addHash('lora', found.name, found.hash)
    }
  }
  if (loras.length > mostLoras) draft.leave('LoRA', `${loras.length - mostLoras} further`, notLoaded)
}

/** A picture it started from, and how much of it was drawn anew. */
function setStart(draft: GenerationDraft, fields: Fields): void {
  const picture = fields.get('init image')
  const kept = fields.get('kept share')
  const denoise = fields.get('denoise')
  const strength = kept ? 1 - Number(kept.value) : toNumber(denoise?.value)
  if (!picture && (kept !== undefined || strength === undefined || strength === 1)) return
  const { key } = kept ?? denoise ?? picture!
  draft.set('denoiseStrength', typeof strength === 'number' ? round(strength) : strength, key)
  draft.leave(picture?.key ?? key, picture?.value ?? strength, startedFromPicture)
}

/** Without the last digits that a difference of decimals brings. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6

/** Easy Diffusion names the network that enlarged the picture; Spaces of Hugging Face drew the enlarged latents again. */
function setSecondPass(draft: GenerationDraft, fields: Fields): void {
  const setting = fields.get('second pass')
  if (!setting || isOff(setting.value)) return
  const { key, value } = setting
  if (isObject(value)) {
    const { upscale_by: scale, upscaler_strength: denoiseStrength, upscale_method: method } = value
    const upscaler = ['bicubic', 'nearest', 'nearest-exact'].includes(String(method))
      ? `Latent (${String(method)})`
      : 'Latent'
    const told = denoiseStrength === undefined ? {} : { denoiseStrength }
    if (toNumber(scale) === undefined) draft.leave(key, value, 'is a second pass whose size is not told')
    else draft.set('hires', { scale, upscaler, ...told }, key)
    return
  }
  const upscaler = plainFileName(value)
  if (/^latent/i.test(upscaler) || value === true)
    return draft.leave(key, value, 'enlarges in a way that is not known here; choose an upscaler')
  const scale = toNumber(fields.get('enlargement')?.value) ?? 4
  if (draft.set('upscale', { upscaler, scale }, key)) needUpscaler(draft, upscaler, key)
}

function leaveFurtherPasses(draft: GenerationDraft, fields: Fields): void {
  setSecondPass(draft, fields)
  for (const [field, reason] of [
    ['second model', 'is a second model, which has no counterpart here'],
    ['mask', underMask],
  ] as const) {
    const setting = fields.get(field)
    if (setting && !isOff(setting.value)) draft.leave(setting.key, setting.value, reason)
  }
}
