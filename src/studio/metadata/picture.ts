import type { Generation } from '../../shared/library/generation.ts'

/** What a file says of its making, before it is known which program wrote it. */
export interface Picture {
  /** By keyword, the first of each, under the keywords of PNG chunks whatever the file's format (see readTexts). */
  texts: ReadonlyMap<string, string>
  /** Text in a PNG is written by programs that make pictures; in EXIF and in text files anybody writes. */
  isPng: boolean
  /** Of the picture itself, in pixels; undefined where the header does not tell. */
  size: { width: number; height: number } | undefined
}

/** Reads what one program writes: null for what is not its own. Throws `bad-metadata` for its own, but broken. */
export type ProgramReader = (picture: Picture) => Generation | null
