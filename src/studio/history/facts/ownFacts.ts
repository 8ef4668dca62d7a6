import type { Database } from 'better-sqlite3'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import { openPrompts } from './promptTable.ts'

/** Writes what of a request is a picture's own, beside its seed: words, and the seed of its variation. */
export interface OwnFacts {
  /** Of an image whose facts are there. */
  put(row: number, request: ResolvedRequest): void
}

export function openOwnFacts(database: Database): OwnFacts {
  const keep = openPrompts(database)
  const write = database.prepare(
    'UPDATE imageFacts SET prompt = ?, negative = ?, variationSeed = ? WHERE row = ?',
  )
  return {
    put(row, request) {
      const prompt = keep(promptOf(request))
      write.run(prompt, keep(negativeOf(request)), variationSeedOf(request), row)
    },
  }
}

/** The prompts of both text encoders and both passes; most have one. */
const together = (...texts: readonly (string | null | undefined)[]): string =>
  texts.filter(Boolean).join('\n')

export const promptOf = ({ prompt, prompt2, hires }: ResolvedRequest): string =>
  together(prompt, prompt2, hires?.prompt)

export const negativeOf = ({ negativePrompt, negativePrompt2, hires }: ResolvedRequest): string =>
  together(negativePrompt, negativePrompt2, hires?.negativePrompt)

/** '': it is no variation. */
export const variationSeedOf = ({ variationStrength, variationSeed }: ResolvedRequest): string =>
  variationStrength > 0 ? String(variationSeed) : ''
