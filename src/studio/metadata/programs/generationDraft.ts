import type { Generation, GenerationSource } from '../../../shared/generation.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../../shared/request.ts'
import { fieldProblem } from '../../checkedCalls.ts'
import { foreignFamily } from './family.ts'

/** A generation while it is read: every value is either taken into the request or kept with a reason. */
export interface GenerationDraft {
  /** Takes a value under its own program's key; what the request's limits refuse is left, absent values are not set. */
  set(field: keyof GenerationRequestInput, value: unknown, key: string): void
  leave(key: string, value: unknown, reason: string): void
  setModel(name: unknown, hash?: unknown): void
  /** A name that tells of the family of the model: of a text encoder, a VAE, a pipeline. Models tell by themselves. */
  tellFamily(name: unknown): void
  finish(): Generation
}

/** Reasons for which values are left. */
export const noCounterpart = 'has no counterpart here'
export const notLoaded = 'is not loaded here'
export const underMask = 'painted under a mask that the file does not hold'
export const startedFromPicture = 'started from a picture that the file does not hold; choose it again'

export function draftGeneration(source: GenerationSource, text: string): GenerationDraft {
  const generation: Generation = { source, request: {}, model: null, unmapped: [], text }
  const parts: string[] = []

  const leave: GenerationDraft['leave'] = (key, value, reason) => {
    generation.unmapped.push({ key, value: showValue(value), reason })
  }

  return {
    leave,
    set(field, value, key) {
      if (value === undefined || value === null) return
      const checked = checkField(field, value)
      // A request may ask for any seed; a picture has one.
      if (checked.success && field === 'seed' && checked.data === null)
        leave(key, value, 'is no seed: the file does not hold the one that ran')
      else if (checked.success) Object.assign(generation.request, { [field]: checked.data })
      else {
        leave(key, value, fieldProblem(checked.error.issues[0]))
        generation.unmapped.at(-1)!.field = field
      }
    },
    setModel(name, hash) {
      if (typeof name !== 'string' || name === '') return
      generation.model = { name, hash: typeof hash === 'string' && hash !== '' ? hash : null }
    },
    tellFamily(name) {
      if (typeof name === 'string' && parts.length < mostParts) parts.push(name)
    },
    finish() {
      leaveTags(generation)
      const family = foreignFamily(generation.model?.name, parts)
      if (family)
        generation.unmapped.unshift({ key: 'model family', value: family, reason: foreignFamilyReason })
      return generation
    },
  }
}

/** A value against the request's limits; some programs write numbers as texts. */
function checkField(field: keyof GenerationRequestInput, value: unknown) {
  const schema = generationRequestSchema.shape[field]
  const checked = schema.safeParse(value, { reportInput: true })
  const number = checked.success || typeof value !== 'string' ? undefined : toNumber(value)
  return typeof number === 'number' ? schema.safeParse(number, { reportInput: true }) : checked
}

const foreignFamilyReason =
  'cannot run here, so this picture cannot be made again: Stable Diffusion 1, 2 and XL run'
const mostParts = 50
const mostTags = 50

/** LoRAs and hypernetworks that a prompt names change the picture. */
function leaveTags({ request, unmapped }: Generation): void {
  const tags = new Set(
    [request.prompt ?? '', request.negativePrompt ?? ''].flatMap((prompt) =>
      Array.from(
        prompt.matchAll(/<(lora|lyco|locon|hypernet):([^<>\n]{1,200})>/gi),
        ([, kind, name]) => `${kind.toLowerCase()}:${name}`,
      ),
    ),
  )
  for (const tag of [...tags].slice(0, mostTags)) {
    const [kind, name] = [tag.slice(0, tag.indexOf(':')), tag.slice(tag.indexOf(':') + 1)]
    unmapped.push({ key: kind === 'hypernet' ? 'hypernetwork' : 'LoRA', value: name, reason: notLoaded })
  }
  if (tags.size > mostTags) {
    unmapped.push({ key: 'LoRA', value: `${tags.size - mostTags} further`, reason: notLoaded })
  }
}

/** Whether a value says that a feature was not used: nothing, an empty text or list. */
export const isNothing = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  value === 'None' ||
  value === '[]' ||
  (Array.isArray(value) && value.length === 0)

/** A value for a person to read; what is left of a longer one is in the picture's text. */
function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length <= longestShown
    ? text
    : `${text.slice(0, longestShown)}… (${text.length} characters in all)`
}

const longestShown = 2000

/** What a program wrote as text or as a number, as text; undefined for anything else. */
export const toText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined

/** A number written as text; undefined for anything else, so that it is not set. */
export function toNumber(value: unknown): number | string | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : value
}

/** A seed as number or text, kept exact; a point or sign is left for the check to refuse. */
export const toSeed = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,20}$/.test(value.trim()) ? value.trim() : toNumber(value)
