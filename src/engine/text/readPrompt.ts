import type { Model } from '../model/model.ts'
import type { Chunk } from './chunks.ts'
import type { PromptLanguage } from './promptLanguage.ts'
import type { Tokenizer } from './tokenizer.ts'

/** A prompt in tokens, before it is encoded. */

/** Everything that reads a prompt. */
export interface Reader {
  model: Pick<Model, 'embeddings'>
  tokenizers: readonly Tokenizer[]
  language: PromptLanguage
  /** Network evaluations of the whole pass, what prompt editing divides, and of the passes before it. */
  evaluations: number
  evaluationsBefore: number
}

/** One of the prompts joined by AND, and what it says when. */
export interface ReadPrompt {
  weight: number
  /** Chunks that each of its texts is filled up to. */
  windows: number
  texts: readonly ReadText[]
}

export interface ReadText {
  /** Up to and including this evaluation, from 1. */
  until: number
  /** What each text encoder reads. */
  said: readonly string[]
  /** The same in chunks, by text encoder. */
  chunks: Chunk[][]
}

/** `second` is what the second text encoder reads, null for the same. Of what to keep away from nothing is composed. */
export function readPrompt(
  reader: Reader,
  prompt: string,
  second: string | null,
  negative: boolean,
): ReadPrompt[] {
  const { language, tokenizers, model } = reader
  const written = language.plain(prompt)
  const parts = negative ? [{ text: written, weight: 1 }] : language.compose(written)
  const names = model.embeddings.flatMap(({ names: called, vectors }) =>
    called.map((name) => ({ name, vectors })),
  )
  return parts.map(({ text, weight }) => {
    const schedule = jointSchedule(reader, [text, second === null ? text : language.plain(second)])
    const texts = schedule.map(({ until, said }) => ({
      ...{ until, said },
      chunks: tokenizers.map((tokenizer, i) => language.chunks(tokenizer, said[i], names)),
    }))
    const windows = Math.max(...texts.flatMap(({ chunks }) => chunks.map(({ length }) => length)))
    return { weight, windows, texts }
  })
}

/** What is said at an evaluation, counted from 0. */
export const textAt = <Text extends { until: number }>(texts: readonly Text[], evaluation: number): Text =>
  texts.find(({ until }) => evaluation < until) ?? texts.at(-1)!

/** What each of two text encoders reads, and until when: a change in either begins a new entry. */
function jointSchedule(
  { language, evaluations, evaluationsBefore }: Reader,
  read: readonly string[],
): { until: number; said: string[] }[] {
  const schedules = read.map((text) => language.schedule(text, evaluations, evaluationsBefore))
  const ends = [...new Set(schedules.flatMap((schedule) => schedule.map(({ until }) => until)))].sort(
    (a, b) => a - b,
  )
  return ends.map((until) => ({
    until,
    said: schedules.map((schedule) => schedule.find((entry) => until <= entry.until)!.text),
  }))
}
