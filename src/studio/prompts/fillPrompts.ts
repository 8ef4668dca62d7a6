import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { imageOrigin } from '../../shared/request/batch.ts'
import type { Style } from '../../shared/calls/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { GenerationRequest, ResolvedRequest } from '../../shared/request/request.ts'
import { requestNotes, type KnownNames, type RequestNote } from '../../shared/request/requestNotes.ts'
import { choosePrompt } from './choosePrompt.ts'
import { applyStyles, parseStyles } from './styles.ts'
import { findWildcards, readText, type Complain } from './wildcards.ts'
import { told, type Saying } from '../../shared/notices.ts'

/** The styles of a data folder, and what is wrong with its styles.csv. */
export interface FoundStyles {
  styles: Style[]
  problems: readonly Saying[]
}

/** The styles of a data folder: its styles.csv as AUTOMATIC1111 writes it; none without the file. */
export async function readStyles(dataFolder: string): Promise<FoundStyles> {
  const path = join(dataFolder, 'styles.csv')
  if (!existsSync(path)) return { styles: [], problems: [] }
  const problems: Saying[] = []
  const complain: Complain = (problem) => void problems.push(problem)
  const styles = parseStyles(await readText(path, complain), complain)
  return { styles, problems }
}

/** The texts of a request that are filled; null: the second pass has the prompt of the first. */
interface Prompts {
  prompt: string
  negativePrompt: string
  hires: { prompt: string | null; negativePrompt: string | null } | null
}

/** Every text of prompts made anew. */
const each = ({ prompt, negativePrompt, hires }: Prompts, make: Make): Prompts => ({
  prompt: make(prompt, 'prompt'),
  negativePrompt: make(negativePrompt, 'negativePrompt'),
  hires: hires && {
    prompt: hires.prompt === null ? null : make(hires.prompt, 'prompt'),
    negativePrompt: hires.negativePrompt === null ? null : make(hires.negativePrompt, 'negativePrompt'),
  },
})
type Make = (text: string, field: 'prompt' | 'negativePrompt') => string

const textsOf = ({ prompt, negativePrompt, hires }: Prompts): string[] =>
  [prompt, negativePrompt, hires?.prompt, hires?.negativePrompt].filter((text) => typeof text === 'string')

/** The prompts with their styles, as they stand before any choice. Throws `bad-request` for a style that is not there. */
async function styledPrompts(
  request: GenerationRequest,
  dataFolder: string,
): Promise<{ prompts: Prompts; problems: readonly Saying[] }> {
  if (request.styles.length === 0) return { prompts: each(request, (text) => text), problems: [] }
  const { styles: known, problems } = await readStyles(dataFolder)
  const styles = request.styles.map((name) => findStyle(known, name))
  const styled: Make = (text, field) =>
    applyStyles(
      text,
      styles.map((style) => style[field]),
    )
  return { prompts: each(request, styled), problems }
}

/**
 * Puts the styles and the choices of wildcards (data folder, wildcards/NAME.txt) and braces into the prompts of both passes,
 * for each image of a batch anew. The seed decides the choices, so that the same text chooses the same in both passes, and
 * what was written is kept beside as templates. Throws `bad-request`; tells `warn` of files that could not be used.
 */
export async function fillPrompts(
  request: ResolvedRequest,
  dataFolder: string,
  warn: Complain,
): Promise<ResolvedRequest> {
  const styled = await styledPrompts(request, dataFolder)
  const found = await findWildcards(join(dataFolder, 'wildcards'), textsOf(styled.prompts))
  for (const problem of [...styled.problems, ...found.problems]) warn(problem)
  const filled = Array.from(
    { length: request.batchChoices === 'each' ? request.batchSize : 1 },
    (_, index) => {
      const key = choiceKey(request, index)
      return each(styled.prompts, (text) => choosePrompt(text, key, found.wildcards))
    },
  )
  const [first] = filled
  const isVaried = filled.some((prompts) => !isDeepStrictEqual(prompts, first))
  /** What was written, where that is not what any image has. */
  const template = (written: string | null, textOf: (prompts: Prompts) => string | null | undefined) =>
    filled.every((prompts) => textOf(prompts) === written) ? null : written
  const { hires } = request
  return {
    ...request,
    ...first,
    batchPrompts: isVaried ? filled : null,
    promptTemplate: template(request.prompt, ({ prompt }) => prompt),
    negativePromptTemplate: template(request.negativePrompt, ({ negativePrompt }) => negativePrompt),
    hires: hires && {
      ...hires,
      ...first.hires,
      promptTemplate: template(hires.prompt, (prompts) => prompts.hires?.prompt),
      negativePromptTemplate: template(hires.negativePrompt, (prompts) => prompts.hires?.negativePrompt),
    },
  }
}

/** What to know of a request before its choices are made. A style that is not there is for `fillPrompts` to refuse. */
export async function notesBefore(
  request: GenerationRequest,
  dataFolder: string,
  whoIsHere: (styled: GenerationRequest) => Promise<KnownNames['isHere']>,
): Promise<RequestNote[]> {
  const asWritten = { prompts: each(request, (text) => text), problems: [] }
  const styled = await styledPrompts(request, dataFolder).catch(() => asWritten)
  const found = await findWildcards(join(dataFolder, 'wildcards'), textsOf(styled.prompts))
  const hires = request.hires && { ...request.hires, ...styled.prompts.hires }
  const filled = { ...request, ...styled.prompts, hires }
  const notes = requestNotes(filled, { isWildcard: () => true, isHere: await whoIsHere(filled) })
  for (const [kind, names] of [
    ['wildcard', found.unknown],
    ['wildcardEmpty', found.empty],
  ] as const)
    if (names.length > 0) notes.push({ kind, list: names.map((name) => `__${name}__`) })
  const problems = [...styled.problems, ...found.problems]
  return [...notes, ...problems.map(noteOnFile)]
}

function noteOnFile(problem: Saying): RequestNote {
  const said = told(problem)
  return { kind: 'file', list: [said.message], told: said }
}

/**
 * What decides the choices of an image: its seed and, where a batch is one draw, its place in it. So an image's own
 * seed and template choose the same again. Variations of one seed share its choices.
 */
function choiceKey(request: ResolvedRequest, index: number): string {
  const { seed, batchStart } = imageOrigin(request, index)
  return batchStart === 0 ? String(seed) : `${seed}/${batchStart}`
}

function findStyle(styles: readonly Style[], name: string): Style {
  const plain = (text: string): string => text.normalize('NFC').trim().toLowerCase()
  const style =
    styles.find((known) => known.name === name) ?? styles.find((known) => plain(known.name) === plain(name))
  if (style) return style
  const names = styles.map((known) => known.name).join(', ') || 'none'
  throw new StudioError(
    'bad-request',
    `styles: there is no style called "${name}" in styles.csv; there are: ${names}.`,
  )
}
