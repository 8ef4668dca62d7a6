import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Style } from '../shared/contract.ts'
import { StudioError } from '../shared/errors.ts'
import type { ResolvedRequest } from '../shared/request.ts'
import { applyStyles, parseStyles } from './styles.ts'
import { choosePrompt, readWildcards } from './wildcards.ts'

/** The styles of a data folder: its styles.csv as AUTOMATIC1111 writes it; none without the file. */
export async function readStyles(dataFolder: string): Promise<Style[]> {
  try {
    return parseStyles(await readFile(join(dataFolder, 'styles.csv'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * Puts the styles and the choices of wildcards (data folder, wildcards/NAME.txt) and braces into the prompts. The
 * seed decides the choices, and what was written is kept beside as templates. Throws `bad-request`.
 */
export async function fillPrompts(request: ResolvedRequest, dataFolder: string): Promise<ResolvedRequest> {
  const known = request.styles.length > 0 ? await readStyles(dataFolder) : []
  const styles = request.styles.map((name) => findStyle(known, name))
  const wildcards = await readWildcards(join(dataFolder, 'wildcards'))
  const fill = (written: string, texts: readonly string[]): string =>
    choosePrompt(applyStyles(written, texts), request.seed, wildcards)
  const prompt = fill(
    request.prompt,
    styles.map((style) => style.prompt),
  )
  const negativePrompt = fill(
    request.negativePrompt,
    styles.map((style) => style.negativePrompt),
  )
  return {
    ...request,
    prompt,
    negativePrompt,
    promptTemplate: prompt === request.prompt ? null : request.prompt,
    negativePromptTemplate: negativePrompt === request.negativePrompt ? null : request.negativePrompt,
  }
}

function findStyle(styles: readonly Style[], name: string): Style {
  const style = styles.find((known) => known.name === name)
  if (style) return style
  const names = styles.map((known) => known.name).join(', ') || 'none'
  throw new StudioError(
    'bad-request',
    `styles: there is no style called "${name}" in styles.csv; there are: ${names}.`,
  )
}
