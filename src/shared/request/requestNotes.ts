import { isAdapterKind, loraTags, readsTags } from '../prompt/loraTags.ts'
import { extractTags } from '../prompt/promptTags.ts'
import type { TurboFinding } from './automaticTurbo.ts'
import type { GenerationRequest } from './request.ts'
import type { UsedFile } from './adapters.ts'
import { usedFile } from './usedFiles.ts'
import { wildcardPattern } from '../prompt/wildcardName.ts'
import type { Told } from '../notices.ts'

/** What a person must know of a request that runs all the same: parts of it that do nothing, or not what they say. */
export interface RequestNote {
  kind: NoteKind
  /** What it is about, as it was written; may be empty. */
  list: readonly string[]
  /** Of a file: what the list says, which is English. */
  told?: Told
}

/** The notes in English; {list} is what each is about. */
export const noteSentences = {
  lora: 'No LoRA of this name was found, so this changes nothing: {list}',
  loraInNegative:
    'LoRAs are taken from the prompt alone, so in the negative prompt this changes nothing: {list}',
  loraInSecondPass:
    'The second pass has the LoRAs of the first, so in its own prompt this changes nothing: {list}',
  loraPart: 'Parts of LoRA tags that are not known here and change nothing: {list}',
  loraStrength: 'Strengths of LoRAs must be numbers from -10 to 10: {list}',
  hypernetwork: 'Hypernetworks are not loaded here, so this changes nothing: {list}',
  tag: 'Tags of this kind are not known here and are taken out of the prompt: {list}',
  tagAsWords: 'With ComfyUI’s seeds tags are read as plain words, as ComfyUI does: {list}',
  embedding: 'No embedding of this name was found, so this is read as plain words: {list}',
  wildcard: 'There is no wildcard of this name, so it stands in the prompt as it is: {list}',
  wildcardEmpty:
    'The file of this wildcard has no line to choose, so it stands in the prompt as it is: {list}',
  wildcardLeft: 'No wildcard of this name had a line to choose, so it stands in the prompt as it is: {list}',
  dynamicPrompts: 'This part of the Dynamic Prompts dialect is not known here and stays as it is: {list}',
  inTurn: 'Choices are made at random here, not one after the other: {list}',
  file: '{list}',
  noStepsLeft: 'At this strength and so few steps no step is left to do: the picture comes back as it was.',
  noText: 'This model knows no text, so this changes nothing: {list}',
  brackets: 'This model reads brackets as they stand, so they weigh nothing: {list}',
  letters: 'This model was taught in English and makes little of these words; write them in English: {list}',
  negativeUnused: 'At guidance 1 the negative prompt changes nothing.',
  fastUnused:
    'Fast saves little here: with fewer than 10 steps, or DPM adaptive, every prediction is computed.',
  turboFaster: 'Automatic chose Turbo: on this processor it is faster, and near the exact numbers.',
  turboSlower: 'Automatic stayed exact: on this processor Turbo is hardly faster.',
  turboApart: 'Automatic stayed exact: on this processor Turbo is too far from the exact numbers.',
  turboUntested:
    'Automatic stayed exact: Turbo was not tested on this machine yet. The studio does that once it rests, “studio devices” at once.',
  turboEnded: 'Automatic stayed exact: testing Turbo ended the engine on this machine.',
  turboCard: 'Automatic stayed exact: Turbo is for the CPU, and something else draws.',
  turboGraphs: 'Automatic stayed exact: this model comes as ONNX graphs, which Turbo leaves as they are.',
  turboFarm: 'Automatic stayed exact: workers draw, on processors that were not tested for Turbo.',
  startIgnored: 'With so few steps the starting picture is covered with noise entirely: take more steps.',
}
export type NoteKind = keyof typeof noteSentences

const mostListed = 8

/** The texts of a note as they are shown: the first eight, and how many more there are. */
export const listOf = ({ list }: RequestNote): string =>
  list.slice(0, mostListed).join(', ') + (list.length > mostListed ? ` (+${list.length - mostListed})` : '')

/** A note as an English sentence. */
export const sayNote = (note: RequestNote): string =>
  noteSentences[note.kind].replace('{list}', () => listOf(note))

/** What the names in prompts stand for. */
export interface KnownNames {
  isWildcard(name: string): boolean
  isHere(kind: UsedFile['kind'], name: string): boolean
}

type NotedRequest = Pick<
  GenerationRequest,
  | 'prompt'
  | 'negativePrompt'
  | 'seedConvention'
  | 'sampler'
  | 'initImage'
  | 'steps'
  | 'denoiseStrength'
  | 'guidanceScale'
  | 'hires'
  | 'files'
  | 'fast'
  | 'turboBecause'
>

/**
 * The notes on a request. Its prompts may be filled or as written. Without `known`, the files are those that the request
 * was resolved to, and of a filled prompt no wildcard is left.
 */
export function requestNotes(request: NotedRequest, known: Partial<KnownNames> = {}): RequestNote[] {
  const names: KnownNames = {
    isWildcard: () => false,
    isHere: (kind, name) => usedFile(request.files, kind, name) !== undefined,
    ...known,
  }
  const found = new Map<NoteKind, Set<string>>()
  const note = (kind: NoteKind, text: string): void => {
    found.set(kind, (found.get(kind) ?? new Set()).add(text))
  }
  noteLoras(request, names, note)
  const { prompt, negativePrompt, hires } = request
  for (const text of [prompt, negativePrompt, hires?.prompt, hires?.negativePrompt])
    if (text) notePrompt(text, request, names, note)
  const notes = [...found].map(([kind, texts]): RequestNote => ({ kind, list: [...texts] }))
  const unused = request.guidanceScale === 1 && request.negativePrompt.trim() !== ''
  const slow = request.fast !== null && (request.steps < 10 || request.sampler === 'DPM adaptive')
  const { turboBecause } = request
  const ofNumbers = [
    unused ? 'negativeUnused' : null,
    slow ? 'fastUnused' : null,
    noteOnSteps(request),
    turboBecause && turboNotes[turboBecause],
  ] as const
  return [...notes, ...ofNumbers.filter((kind) => kind !== null).map((kind) => ({ kind, list: [] }))]
}

const turboNotes = {
  faster: 'turboFaster',
  slower: 'turboSlower',
  apart: 'turboApart',
  untested: 'turboUntested',
  ended: 'turboEnded',
  card: 'turboCard',
  graphs: 'turboGraphs',
  farm: 'turboFarm',
} as const satisfies Record<TurboFinding, NoteKind>

/** What looks like emphasis or a change from step to step, to models that read their prompts as plain words. */
export function bracketNotes({
  prompt,
  negativePrompt,
}: Pick<GenerationRequest, 'prompt' | 'negativePrompt'>): RequestNote[] {
  const list = [prompt, negativePrompt].flatMap((text) => text.match(weighing) ?? [])
  return list.length > 0 ? [{ kind: 'brackets', list: [...new Set(list)] }] : []
}

/** Words in letters of which a text encoder that was taught in English (CLIP) makes little. Names of files are none. */
export function letterNotes({
  prompt,
  negativePrompt,
}: Pick<GenerationRequest, 'prompt' | 'negativePrompt'>): RequestNote[] {
  const list = [prompt, negativePrompt].flatMap(
    (text) =>
      extractTags(text).text.replace(wildcards, ' ').replace(embeddings, ' ').match(otherLetters) ?? [],
  )
  return list.length > 0 ? [{ kind: 'letters', list: [...new Set(list)] }] : []
}

const otherLetters = /(?:(?!\p{Script=Latin})\p{L}\p{M}*)+/gu

/** (words:1.2), ((words)), [words]; one pair of round brackets may be meant as it stands. */
const weighing = /\([^()]{1,200}:\s*[+-]?[\d.]+\s*\)|\({2,}[^()]{1,200}\){2,}|\[[^[\]]{1,200}\]/gu

type Note = (kind: NoteKind, text: string) => void

function noteLoras(
  { prompt, negativePrompt, hires, seedConvention }: NotedRequest,
  { isHere }: KnownNames,
  note: Note,
): void {
  if (!readsTags(seedConvention)) return
  for (const tag of loraTags(prompt)) {
    if (!isHere('lora', tag.name)) note('lora', tag.written)
    if (tag.badStrength !== null) note('loraStrength', tag.written)
    for (const part of tag.unknown) note('loraPart', `${part} (${tag.name})`)
  }
  for (const { written } of loraTags(negativePrompt)) note('loraInNegative', written)
  for (const text of [hires?.prompt, hires?.negativePrompt])
    for (const { written } of loraTags(text ?? ''))
      if (!prompt.includes(written)) note('loraInSecondPass', written)
}

function notePrompt(
  text: string,
  { seedConvention }: NotedRequest,
  { isWildcard, isHere }: KnownNames,
  note: Note,
): void {
  for (const { written, kind } of extractTags(text).tags) {
    if (!readsTags(seedConvention)) note('tagAsWords', written)
    else if (kind.toLowerCase() === 'hypernet') note('hypernetwork', written)
    else if (!isAdapterKind(kind)) note('tag', written)
  }
  for (const [written] of text.matchAll(embeddings))
    if (!isHere('embedding', embeddingName(written))) note('embedding', written)
  for (const [written, name] of text.matchAll(wildcards)) if (!isWildcard(name)) note('wildcardLeft', written)
  for (const [written] of text.matchAll(/[$%]\{[^{}]{0,60}\}?|__[^_\s()][^()_]{0,100}\([^()]{0,200}\)__/gu))
    note('dynamicPrompts', written)
  for (const [written] of text.matchAll(/\{\s*[@!][^{}|]{0,40}\||__[@!][^_]{0,100}__/gu))
    note('inTurn', written)
}

/** Embeddings by name that negative prompts are full of: people write them without a mark. */
const wellKnownEmbeddings = [
  'ac_neg[12]',
  'aid[0-9]{3}',
  'bad[-_]?artist(?:[-_]anime)?',
  'bad[-_]?dream',
  'bad[-_]?hands?[-_]?v?[0-9]',
  'bad[-_]?image[-_]v2[-_]39000',
  'bad[-_]picture[-_]chill[-_]75v',
  'bad[-_]?pictures',
  'bad[-_]?prompt(?:[-_]?version2)?',
  'cyberrealistic[-_]negative(?:[-_]?v[0-9]+)?',
  'easynegative(?:v2)?',
  'fastnegative(?:embedding|v2)',
  'juggernautnegative(?:[-_]neg)?',
  'negative[-_]hand(?:[-_]neg)?',
  'negativexl(?:[-_][a-d])?',
  'ng_deepnegative_v1_[0-9]{1,3}t',
  'realisticvision[-_]negative[-_]embedding',
  'unaestheticxl(?:v[0-9]+|[-_][a-z0-9]+)?',
  'unrealisticdream',
  'verybadimagenegative(?:_v1\\.[0-9])?',
]
/** Those names, ComfyUI's `embedding:name` and InvokeAI's `<name>`. */
const embeddings = new RegExp(
  `(?<![\\p{L}\\p{N}_-])(?:embedding:[^\\s,:()<>]{1,200}|(?:${wellKnownEmbeddings.join('|')})(?![\\p{L}\\p{N}_-]))|<[\\p{L}][\\p{L}\\p{N}_.-]{2,100}>`,
  'giu',
)

/** The name of an embedding without what marks it as one. */
const embeddingName = (written: string): string =>
  written.replace(/^embedding:|^<|>$/gi, '').replace(/\.(?:safetensors|pt|bin)$/i, '')

const wildcards = new RegExp(wildcardPattern, 'gu')

/** Conventions that take the whole part of steps × strength, and so can come to none. */
const wholePart = ['diffusers', 'InvokeAI']

function noteOnSteps({
  initImage,
  seedConvention,
  sampler,
  steps,
  denoiseStrength: strength,
}: NotedRequest): NoteKind | null {
  if (!initImage || strength === 0 || strength === 1 || seedConvention === 'ComfyUI') return null
  if (wholePart.includes(seedConvention) || sampler === 'Model default')
    return Math.trunc(steps * strength) === 0 ? 'noStepsLeft' : null
  // AUTOMATIC1111 does one step more than its whole part.
  return steps === 1 ? 'startIgnored' : null
}
