import type { Generation, GenerationSource } from '../../../shared/library/generation.ts'
import { loraTags, readsTags } from '../../../shared/prompt/loraTags.ts'
import { extractTags } from '../../../shared/prompt/promptTags.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../../shared/request/request.ts'
import type { UsedFile } from '../../../shared/request/adapters.ts'
import { usedFile } from '../../../shared/request/usedFiles.ts'
import { fieldProblem } from '../../checkedCalls.ts'
import { foreignFamily, runsByName } from './family.ts'

/** A generation while it is read: every value is either taken into the request or kept with a reason. */
export interface GenerationDraft {
  /** Takes a value under its own program's key; what the request's limits refuse is left, absent values are not set. Answers whether it was. */
  set(field: keyof GenerationRequestInput, value: unknown, key: string): boolean
  leave(key: string, value: unknown, reason: string): void
  /** A LoRA that no tag in the prompt names, with its strengths; `written` is how its own program says it. */
  addLora(lora: FoundLora, written: unknown): void
  /** A picture that steers the drawing; see `addControl`, which makes one of what programs write. */
  addControl(control: Record<string, unknown>, key: string, written: unknown, reason: string): void
  /** A VAE other than the model's own. */
  setVae(name: unknown, key: string): void
  /** Says that a file took part, under its own program's key. */
  needFile(file: Pick<UsedFile, 'kind' | 'name'>, key: string, value: unknown): void
  /** By which digits a file that is named can be known. */
  addHash(kind: UsedFile['kind'], name: string, hash: unknown): void
  setModel(name: unknown, hash?: unknown): void
  /** A name that tells of the family of the model: of a text encoder, a VAE, a pipeline. Models tell by themselves. */
  tellFamily(name: unknown): void
  /** A node that makes latents which no model has but those of families beyond Stable Diffusion. */
  tellForeignLatents(type: string): void
  finish(): Generation
}

/** Reasons for which values are left. */
export const noCounterpart = 'has no counterpart here'
export const notLoaded = 'is not loaded here'
export const namedBySite = 'is named as its site names it, which tells no file; choose it where you have it'
const needsFile = 'takes part where this file is here'
export const underMask = 'painted under a mask that the file does not hold'
export const startedFromPicture = 'started from a picture that the file does not hold; choose it again'

export function draftGeneration(source: GenerationSource, text: string): GenerationDraft {
  const generation: Generation = { source, request: {}, model: null, unmapped: [], text }
  const parts: string[] = []
  const latents: string[] = []

  const leave: GenerationDraft['leave'] = (key, value, reason) => {
    generation.unmapped.push({ key, value: showValue(value), reason })
  }

  const files = draftFiles(generation, leave)

  return {
    leave,
    ...files,
    set(field, value, key) {
      if (value === undefined || value === null) return false
      const checked = checkField(field, value)
      // A request may ask for any seed; a picture has one.
      if (checked.success && field === 'seed' && checked.data === null) {
        leave(key, value, 'is no seed: the file does not hold the one that ran')
        return false
      }
      if (checked.success) {
        Object.assign(generation.request, { [field]: checked.data })
        return true
      }
      leave(key, value, fieldProblem(checked.error.issues[0]))
      generation.unmapped.at(-1)!.field = field
      return false
    },
    setModel(name, hash) {
      if (typeof name !== 'string' || name === '') return
      generation.model = { name, hash: typeof hash === 'string' && hash !== '' ? hash : null }
    },
    tellFamily(name) {
      if (typeof name === 'string' && parts.length < mostParts) parts.push(name)
    },
    tellForeignLatents(type) {
      latents.push(type)
    },
    finish() {
      readTags(generation, { leave, ...files })
      const name = generation.model?.name
      if (name === undefined || !runsByName(name))
        for (const type of latents)
          leave('latents', type, 'are latents of a family of models that does not run here')
      const family = foreignFamily(name, parts)
      if (family)
        generation.unmapped.unshift({ key: 'model family', value: family, reason: foreignFamilyReason })
      return generation
    },
  }
}

interface FoundLora {
  name: unknown
  unet: unknown
  text: unknown
  blocks?: number[] | null
}

type FileSetters = Pick<GenerationDraft, 'needFile' | 'addLora' | 'addControl' | 'setVae' | 'addHash'>

/** How files beside the model get into a generation. */
function draftFiles(generation: Generation, leave: GenerationDraft['leave']): FileSetters {
  const needFile: GenerationDraft['needFile'] = (file, key, value) => {
    if (generation.unmapped.filter((entry) => entry.file).length >= mostFiles) return
    leave(key, value, needsFile)
    generation.unmapped.at(-1)!.file = file
  }

  return {
    needFile,
    addLora({ name, unet, text, blocks = null }, written) {
      if (toText(name) === undefined) return leave('LoRA', written, 'names no file')
      const strength = givenNumber(unet) ?? 1
      const adapter = {
        name: plainFileName(name),
        unet: strength,
        text: givenNumber(text) ?? strength,
        blocks,
      }
      const adapters = [...(generation.request.adapters ?? []), adapter]
      const checked = generationRequestSchema.shape.adapters.safeParse(adapters, { reportInput: true })
      if (!checked.success) return leave('LoRA', written, fieldProblem(checked.error.issues[0]))
      generation.request.adapters = checked.data
      needFile({ kind: 'lora', name: adapter.name }, 'LoRA', written)
    },
    addControl(control, key, written, reason) {
      const named = { ...control, model: plainFileName(control.model) }
      const controls = [...(generation.request.controls ?? []), named]
      const checked = generationRequestSchema.shape.controls.safeParse(controls, { reportInput: true })
      if (!checked.success) {
        const [issue] = checked.error.issues
        return leave(key, written, `${String(issue.path.at(-1))} ${fieldProblem(issue)}`)
      }
      generation.request.controls = checked.data
      leave(key, written, reason)
      needFile({ kind: 'controlnet', name: named.model }, 'ControlNet', named.model)
    },
    setVae(name, key) {
      const checked = checkField('vae', plainFileName(name))
      if (!checked.success) return leave(key, name, fieldProblem(checked.error.issues[0]))
      const vae = checked.data as string
      generation.request.vae = vae
      needFile({ kind: 'vae', name: vae }, key, name)
    },
    addHash(kind, name, hash) {
      const files = generation.request.files ?? []
      const file = { kind, name: plainFileName(name), hash: String(hash).toLowerCase() }
      const checked = generationRequestSchema.shape.files.safeParse([...files, file])
      if (checked.success && !usedFile(checked.data.slice(0, -1), kind, file.name))
        generation.request.files = checked.data
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
  'cannot run here, so this picture cannot be made again: Stable Diffusion 1, 2 and XL, Z-Image and FLUX.2-klein run'
const mostParts = 50
const mostTags = 50
const mostFiles = 100

/** What tags in the prompts ask for: LoRAs, and hypernetworks, which change the picture and do not run here. */
function readTags(
  { request: { prompt = '', negativePrompt = '', seedConvention } }: Generation,
  { leave, needFile }: Pick<GenerationDraft, 'leave' | 'needFile'>,
): void {
  const loras = new Map([...loraTags(prompt), ...loraTags(negativePrompt)].map((tag) => [tag.written, tag]))
  for (const { name, written } of [...loras.values()].slice(0, mostTags)) {
    const value = written.slice(written.indexOf(':') + 1, -1)
    if (readsTags(seedConvention ?? 'AUTOMATIC1111 CPU')) needFile({ kind: 'lora', name }, 'LoRA', value)
    else leave('LoRA', value, 'is a tag, which stays plain words with the seeds of ComfyUI; add it as a LoRA')
  }
  if (loras.size > mostTags) leave('LoRA', `${loras.size - mostTags} further`, notLoaded)
  const hypernetworks = new Set(
    [prompt, negativePrompt]
      .flatMap((text) => extractTags(text).tags)
      .filter(({ kind }) => kind.toLowerCase() === 'hypernet')
      .map((tag) => tag.arguments.join(':')),
  )
  for (const name of [...hypernetworks].slice(0, mostTags)) leave('hypernetwork', name, notLoaded)
}

/** A file's name without the folders before it and its ending, which are different on every machine. */
export const plainFileName = (name: unknown): string =>
  String(name)
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.(?:safetensors|ckpt|pt|pth|bin)$/i, '')

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

/** As `toNumber`, but what is there and is no number (a list, say) stays, for the check to refuse. */
export const givenNumber = (value: unknown): unknown =>
  value === undefined || value === null || value === '' ? undefined : (toNumber(value) ?? value)

/** A seed as number or text, kept exact; a point or sign is left for the check to refuse. */
export const toSeed = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+$/.test(value.trim()) ? value.trim() : toNumber(value)
