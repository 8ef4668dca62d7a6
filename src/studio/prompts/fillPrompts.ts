import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { imageOrigin } from '../../shared/batch.ts'
import type { Style } from '../../shared/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { GenerationRequest, ResolvedRequest } from '../../shared/request.ts'
import { requestNotes, type KnownNames, type RequestNote } from '../../shared/requestNotes.ts'
import { choosePrompt } from './choosePrompt.ts'
import { applyStyles, parseStyles } from './styles.ts'
import { findWildcards, readText } from './wildcards.ts'

/** The styles of a data folder, and what is wrong with its styles.csv. */
export interface FoundStyles {
  styles: Style[]
  problems: readonly string[]
}

/** The styles of a data folder: its styles.csv as AUTOMATIC1111 writes it; none without the file. */
export async function readStyles(dataFolder: string): Promise<FoundStyles> {
  const path = join(dataFolder, 'styles.csv')
  if (!existsSync(path)) return { styles: [], problems: [] }
  const problems: string[] = []
  const complain = (problem: string): void => void problems.push(problem)
  const styles = parseStyles(await readText(path, complain), complain)
  return { styles, problems }
}

/** The prompts with their styles, as they stand before any choice. Throws `bad-request` for a style that is not there. */
async function styledPrompts(
  { prompt, negativePrompt, styles: names }: GenerationRequest,
  dataFolder: string,
): Promise<{ prompt: string; negativePrompt: string; problems: readonly string[] }> {
  if (names.length === 0) return { prompt, negativePrompt, problems: [] }
  const { styles: known, problems } = await readStyles(dataFolder)
  const styles = names.map((name) => findStyle(known, name))
  return {
    prompt: applyStyles(
      prompt,
      styles.map((style) => style.prompt),
    ),
    negativePrompt: applyStyles(
      negativePrompt,
      styles.map((style) => style.negativePrompt),
    ),
    problems,
  }
}

/**
 * Puts the styles and the choices of wildcards (data folder, wildcards/NAME.txt) and braces into the prompts, for each
 * image of a batch anew. The seed decides the choices, and what was written is kept beside as templates. Throws
 * `bad-request`; tells `warn` of files that could not be used.
 */
export async function fillPrompts(
  request: ResolvedRequest,
  dataFolder: string,
  warn: (problem: string) => void,
): Promise<ResolvedRequest> {
  const styled = await styledPrompts(request, dataFolder)
  const templates = [styled.prompt, styled.negativePrompt]
  const { wildcards, problems } = await findWildcards(join(dataFolder, 'wildcards'), templates)
  for (const problem of [...styled.problems, ...problems]) warn(problem)
  const filled = Array.from(
    { length: request.batchChoices === 'each' ? request.batchSize : 1 },
    (_, index) => {
      const key = choiceKey(request, index)
      const [prompt, negativePrompt] = templates.map((text) => choosePrompt(text, key, wildcards))
      return { prompt, negativePrompt }
    },
  )
  const [first] = filled
  const isVaried = filled.some(
    ({ prompt, negativePrompt }) => prompt !== first.prompt || negativePrompt !== first.negativePrompt,
  )
  const asWritten = (field: 'prompt' | 'negativePrompt'): boolean =>
    filled.every((one) => one[field] === request[field])
  return {
    ...request,
    ...first,
    batchPrompts: isVaried ? filled : null,
    promptTemplate: asWritten('prompt') ? null : request.prompt,
    negativePromptTemplate: asWritten('negativePrompt') ? null : request.negativePrompt,
  }
}

/** What to know of a request before its choices are made. A style that is not there is for `fillPrompts` to refuse. */
export async function notesBefore(
  request: GenerationRequest,
  dataFolder: string,
  whoIsHere: (styled: GenerationRequest) => Promise<KnownNames['isHere']>,
): Promise<RequestNote[]> {
  const styled = await styledPrompts(request, dataFolder).catch(() => ({ ...request, problems: [] }))
  const { prompt, negativePrompt } = styled
  const found = await findWildcards(join(dataFolder, 'wildcards'), [prompt, negativePrompt])
  const filled = { ...request, prompt, negativePrompt }
  const notes = requestNotes(filled, { isWildcard: () => true, isHere: await whoIsHere(filled) })
  for (const [kind, names] of [
    ['wildcard', found.unknown],
    ['wildcardEmpty', found.empty],
  ] as const)
    if (names.length > 0) notes.push({ kind, list: names.map((name) => `__${name}__`) })
  const problems = [...styled.problems, ...found.problems]
  return [...notes, ...problems.map((problem): RequestNote => ({ kind: 'file', list: [problem] }))]
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
