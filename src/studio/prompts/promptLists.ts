import { readFile, rm } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { StudioError } from '../../shared/errors.ts'
import type { PromptList, TakenList } from '../../shared/calls/promptCalls.ts'
import { safeName } from '../downloads/sites/safeNames.ts'
import { writeFileDurably } from '../files.ts'
import { decodeText } from './decodeText.ts'
import { parseStyles } from './styles.ts'
import { parseTags } from './tagLists.ts'
import { largestFile, linesOf } from './wildcards.ts'

/** Takes in the text files that prompts draw from: lists of tags, wildcards, styles. */
export interface PromptLists {
  /**
   * Keeps a file where lists of its kind are looked for: a .txt is a wildcard, a .csv styles or else tags. The same content
   * is kept once, and nothing is written over. Throws `bad-list` for what is no such list, `disk-full`, `read-only`.
   */
  add(fileName: string, bytes: Uint8Array): Promise<TakenList>
  /** Throws `not-found`. */
  remove(list: PromptList): Promise<void>
}

const places = {
  tags: (name: string) => join('tags', `${name}.csv`),
  wildcard: (name: string) => join('wildcards', `${name}.txt`),
  styles: (name: string) => `${name}.csv`,
} as const satisfies Record<PromptList['kind'], (name: string) => string>

export function openPromptLists(dataFolder: string, writer: string): PromptLists {
  const pathOf = ({ kind, name }: PromptList): string => join(dataFolder, places[kind](name))

  /** The list under its own name or one that is free; whether it was there already. */
  async function freePlace(
    list: PromptList,
    bytes: Uint8Array,
  ): Promise<{ list: PromptList; isNew: boolean }> {
    for (let count = 1; ; count++) {
      const named = count === 1 ? list : { ...list, name: `${list.name}-${count}` }
      const found = await readFile(pathOf(named)).catch(() => null)
      if (!found) return { list: named, isNew: true }
      if (found.equals(bytes)) return { list: named, isNew: false }
      if (list.kind === 'styles') throw stylesAreThere(pathOf(list))
    }
  }

  return {
    async add(fileName, bytes) {
      const { kind, name, count } = await readList(fileName, bytes)
      const { list, isNew } = await freePlace({ kind, name }, bytes)
      if (isNew) await writeFileDurably(pathOf(list), bytes, writer)
      return { ...list, count, isNew }
    },
    async remove(list) {
      const isSafe = safeName(list.name) === list.name && (list.kind !== 'styles' || list.name === 'styles')
      const path = pathOf(list)
      if (!isSafe) throw new StudioError('not-found', `There is no list called ${JSON.stringify(list.name)}.`)
      await rm(path).catch((error: unknown) => {
        throw new StudioError('not-found', `${path} is not there any more.`, { cause: error })
      })
    },
  }
}

/** What a file holds, by its ending and its first line. Throws `bad-list`. */
async function readList(fileName: string, bytes: Uint8Array): Promise<PromptList & { count: number }> {
  const refuse = (why: string): never => {
    throw notTaken(fileName, why)
  }
  const { name, ext } = parse(safeName(fileName))
  if (!/^\.(?:csv|txt)$/i.test(ext))
    refuse('lists are files that end in .csv (tags, styles) or .txt (wildcards).')
  if (bytes.length > largestFile) throw listTooLarge(fileName)
  const decoded = decodeText(bytes)
  if (!decoded) return refuse('it is no text in UTF-8, UTF-16, UTF-32 or Windows-1252. Save it as UTF-8.')
  if (/txt$/i.test(ext)) {
    const count = linesOf(decoded.text).length
    return count > 0 ? { kind: 'wildcard', name: wildcardName(name), count } : refuse('it has no lines.')
  }
  const styles = parseStyles(decoded.text, () => {}).length
  if (styles > 0) return { kind: 'styles', name: 'styles', count: styles }
  const count = (await parseTags(decoded.text)).length
  return count > 0 ? { kind: 'tags', name, count } : refuse('it has no tags.')
}

/** A name that can stand between underscores, as suggestions read it: see `wildcardPattern`. */
const wildcardName = (name: string): string =>
  name
    .replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-')
    .replaceAll(/_{2,}/g, '_')
    .replaceAll(/^[^\p{L}\p{N}]+|_$/gu, '') || 'list'

const notTaken = (fileName: string, why: string): StudioError =>
  new StudioError('bad-list', `${fileName} was not taken in: ${why}`)
export const listTooLarge = (fileName: string): StudioError =>
  notTaken(fileName, 'it is larger than 32 MiB. Divide it.')

const stylesAreThere = (path: string): StudioError =>
  new StudioError(
    'bad-list',
    `There are styles already, in ${path}. Add the new lines to that file, or take it away and drop this one again.`,
  )
