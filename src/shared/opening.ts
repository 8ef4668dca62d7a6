/** What takes a studio so long before it is open that it is said, in English; {name} is filled in. */
export const openingSentences = {
  broughtUp: 'The history is brought up to date for this version: {done} of {count} pictures.',
  picturesSorted: 'The pictures are sorted for the search: {done} of {count}.',
  promptsSorted: 'The prompts are sorted for the search: {done} of {count}.',
  overwritten: 'The history is up to date; what was deleted is being overwritten.',
  waits:
    'Another Latent Studio is opening {folder} (bringing its history up to date, or rebuilding it); this one goes on after it.',
} as const

export type OpeningSentences = Readonly<Record<keyof typeof openingSentences, string>>

/** A sentence and what stands in it. */
export interface Opening {
  code: keyof OpeningSentences
  values: Readonly<Record<string, string | number>>
}

/** A sentence with its places filled in, in English where no other language is given. */
export const sayOpening = (
  { code, values }: Opening,
  sentences: OpeningSentences = openingSentences,
): string => sentences[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
