import { z } from 'zod'
import {
  generationRequestSchema,
  openRequestSchema,
  type GenerationRequestInput,
} from '../request/request.ts'
import { limits } from '../request/limits.ts'

/** Prompts while they are written, what is kept of them and of settings, and the part of the contract that is about that. */

/** A word as a tokenizer cut it: more than one piece where it is not in the vocabulary. */
export interface PromptWord {
  text: string
  pieces: string[]
  /** The name of an embedding: its pieces are the vectors. */
  isEmbedding?: true
}

/** What a model reads of a prompt. */
export interface PromptReading {
  /**
   * Its words in chunks that are read at once. Prompts joined by AND and what editing ([a:b:0.5]) makes of one are texts of
   * their own, the longest first.
   */
  texts: PromptWord[][][]
  /** Tokens of the longest. */
  tokens: number
  /** Tokens that a chunk holds; null: all is read at once. */
  chunkTokens: number | null
  /** What comes after so many tokens is not read; null: all is. */
  limit: number | null
}

export interface PromptReadings {
  prompt: PromptReading
  negativePrompt: PromptReading
  /** The noise levels that the run goes through, from noise to clean. */
  sigmas: number[]
  /** What a run that starts from a picture begins with: so much of its clean latents and of noise, both of variance one. */
  begins: { picture: number; noise: number } | null
  /** Choices ({a|b}, wildcards) were made to read it: those of a picture may be longer or shorter. */
  isExample: boolean
}

/** What the words before the caret could become. */
export interface Suggestion {
  kind: 'prompt' | 'embedding' | 'lora' | 'wildcard' | 'style' | 'tag'
  name: string
  /** What is put there: in place of so many characters before the caret. Of a style nothing, as it is chosen. */
  text: string
  replaces: number
  /** What it is also called, where that is what was typed. */
  alias: string | null
  /** Of tags: how many pictures have it, and its category in the numbers of its list. */
  count: number | null
  category: number | null
}

/** A prompt that pictures were made with, as it was written. */
export interface PastPrompt {
  prompt: string
  negativePrompt: string
  /** Of its newest picture. */
  imageId: string
  thumbnailUrl: string
  createdAt: number
}

const nameSchema = z.string().trim().min(1).max(100)
const promptText = z.string().max(limits.promptLength)

export const savedPromptSchema = z.object({
  name: nameSchema,
  prompt: promptText,
  negativePrompt: promptText.default(''),
})
/** A prompt that a person gave a name. */
export type SavedPrompt = z.output<typeof savedPromptSchema>

/** Settings that a person gave a name: all of a request but the pictures that it starts from or is steered by. */
export const presetSchema = z.object({
  name: nameSchema,
  request: generationRequestSchema.transform((request) => ({
    ...request,
    initImage: null,
    mask: null,
    references: [],
    controls: request.controls.map((control) => ({ ...control, image: null })),
  })),
  seedLocked: z.boolean().default(false),
})
export type Preset = z.output<typeof presetSchema>

/** All that a person keeps by name, in the order of its keeping. */
export interface Kept {
  presets: Preset[]
  prompts: SavedPrompt[]
}

/** A text file that prompts draw from: tags that are suggested, the lines of a wildcard, or styles. */
export const promptListSchema = z.object({
  kind: z.enum(['tags', 'wildcard', 'styles']),
  name: z.string().max(200),
})
export type PromptList = z.output<typeof promptListSchema>

/** One that was taken in: what it has of tags, lines or styles, and whether it was not there before. */
export interface TakenList extends PromptList {
  count: number
  isNew: boolean
}

export const promptCallSchemas = {
  readPrompts: z.tuple([openRequestSchema]),
  suggest: z.tuple([
    z.object({
      /** All that stands before the caret. */
      before: promptText,
      /** Nothing stands behind it: past prompts that go on from there are offered too. */
      atEnd: z.boolean().default(false),
      /** Files of other families are left out; null: none are. */
      family: z.string().max(200).nullable().default(null),
      limit: z.number().int().min(1).max(100).default(12),
    }),
  ]),
  pastPrompts: z.tuple([
    z.object({
      search: z.string().max(1000).default(''),
      limit: z.number().int().min(1).max(200).default(50),
    }),
  ]),
  kept: z.tuple([]),
  keepPreset: z.tuple([presetSchema]),
  forgetPreset: z.tuple([z.string().max(200)]),
  keepPrompt: z.tuple([savedPromptSchema]),
  forgetPrompt: z.tuple([z.string().max(200)]),
  removeList: z.tuple([promptListSchema]),
} as const

export interface PromptCalls {
  /** What the model would read of a request's prompts, and over which noise levels it would run; opens no network. */
  readPrompts(request: GenerationRequestInput): Promise<PromptReadings>
  /** The best first. */
  suggest(asked: z.input<typeof promptCallSchemas.suggest>[0]): Promise<Suggestion[]>
  /** Different prompts of the history, the last used first. */
  pastPrompts(asked: { search?: string; limit?: number }): Promise<PastPrompt[]>
  kept(): Promise<Kept>
  /** In the place of one of the same name. */
  keepPreset(preset: z.input<typeof presetSchema>): Promise<Kept>
  forgetPreset(name: string): Promise<Kept>
  keepPrompt(saved: z.input<typeof savedPromptSchema>): Promise<Kept>
  forgetPrompt(name: string): Promise<Kept>
  /** Takes away a list that was taken in. Throws `not-found`. */
  removeList(list: PromptList): Promise<void>
}
