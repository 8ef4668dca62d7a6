import { z } from 'zod'
import { generationSources, type Generation } from './generation.ts'
import type { Told } from '../notices.ts'

/** Pictures of other programs, and plain ones, that stay where they lie and show in the library beside our own. */

/** What the file of a picture that was not made here tells. */
export const importedSchema = z.object({
  /** Where the file lies. */
  path: z.string(),
  /** The program that says how it was made; null: none does. */
  tool: z.enum(generationSources).nullable(),
  /** The fields of the request that the file tells; all others have defaults that mean nothing. */
  recorded: z.array(z.string()),
})
export type Imported = z.infer<typeof importedSchema>

/** What such a picture's program is called in a search, where its file names none. */
export const noTool = 'none'

/** A folder whose pictures are taken in, and those below it. */
export interface ImportFolder {
  path: string
  /** Files of it that are in the library, or its trash. */
  pictures: number
  /** Why there may be more than is known, or why what is known cannot be seen; null: all is well. */
  problem: Told | null
}

/** How far the folders are looked through. */
export interface ImportState {
  folders: ImportFolder[]
  /** `stopped`: by a person; what is left is read when they say so, or at the next start. */
  phase: 'idle' | 'looking' | 'reading' | 'stopped'
  /** Files that were read, of those that were not known. */
  done: number
  of: number
}

/** Arguments of the calls about folders of pictures; which ones there are stands in the settings (`importFolders`). */
export const importCallSchemas = {
  imports: z.tuple([]),
  lookForImports: z.tuple([]),
  stopImports: z.tuple([]),
  importedGeneration: z.tuple([z.string().max(200)]),
} as const

export interface ImportCalls {
  imports(): Promise<ImportState>
  /** Looks through the folders again, or goes on after a stop. */
  lookForImports(): Promise<void>
  /** Reads no further file. What was read stays. */
  stopImports(): Promise<void>
  /**
   * How an imported picture was made, as its file tells; null: it tells nothing. Throws `not-found` where the file is away, and
   * `bad-metadata` for data that cannot be read.
   */
  importedGeneration(imageId: string): Promise<Generation | null>
}
