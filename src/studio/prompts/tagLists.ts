import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { readText, type Complain } from './wildcards.ts'

/** A tag of a list: how its site spells it, its category in the site's numbers, and how many pictures have it. */
export interface Tag {
  name: string
  category: number | null
  count: number | null
  aliases: readonly string[]
}

/** A tag that was found, by the alias that was typed or by its own name. */
export interface FoundTag extends Tag {
  alias: string | null
}

/** Every .csv file of a folder, read when it is first asked for and again when it has changed. */
export interface TagLists {
  /** Those that begin with a text, then those in which a word does, then those with an alias that begins so. */
  find(text: string, limit: number): Promise<FoundTag[]>
}

/** @param complain hears of files that could not be read. */
export function openTagLists(folder: string, complain: Complain): TagLists {
  let read: { stamp: string; tags: Promise<readonly Tag[]> } | null = null

  async function tags(): Promise<readonly Tag[]> {
    const { paths, stamp } = await listsIn(folder)
    if (read?.stamp !== stamp) read = { stamp, tags: readLists(paths, complain) }
    return read.tags
  }

  return {
    async find(text, limit) {
      const wanted = spelled(text)
      return wanted === '' ? [] : findTags(await tags(), wanted, limit)
    },
  }
}

/** As the sites spell tags: small letters, an underscore for a space. */
const spelled = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, '_')

async function listsIn(folder: string): Promise<{ paths: string[]; stamp: string }> {
  const names = await readdir(folder).catch(() => [])
  const paths = names
    .filter((name) => /\.csv$/i.test(name))
    .sort()
    .map((name) => join(folder, name))
  const stamps = paths.map(async (path) => {
    const found = await stat(path).catch(() => null)
    return `${path} ${found?.size} ${found?.mtimeMs}`
  })
  return { paths, stamp: (await Promise.all(stamps)).join('\n') }
}

/** The tags of all lists, each once, the most used first. */
async function readLists(paths: readonly string[], complain: Complain): Promise<readonly Tag[]> {
  const tags = new Map<string, Tag>()
  for (const path of paths)
    for (const tag of await parseTags(await readText(path, complain)))
      if (!tags.has(tag.name)) tags.set(tag.name, tag)
  return [...tags.values()].sort((one, other) => (other.count ?? 0) - (one.count ?? 0))
}

/** A list may have hundreds of thousands of lines: others get their turn between so many. */
const linesAtOnce = 20_000

/**
 * Reads a tag list as a1111-sd-webui-tagcomplete has them: `tag,category,count,"alias,alias"`, all but the tag may be
 * missing. A first line of titles is left out.
 */
export async function parseTags(csv: string): Promise<Tag[]> {
  const tags: Tag[] = []
  const lines = csv.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  for (const [at, line] of lines.entries()) {
    if (at % linesAtOnce === linesAtOnce - 1) await turn()
    const [, quoted, plain = '', category = '', count = '', aliases = ''] =
      /^(?:"((?:[^"]|"")*)"|([^,"]*))(?:,([^,]*))?(?:,([^,]*))?(?:,(.*))?$/.exec(line) ?? []
    const name = (quoted?.replaceAll('""', '"') ?? plain).trim()
    const isTitle = at === 0 && /^(?:tag|name)$/i.test(name)
    if (name === '' || isTitle) continue
    const list = aliases
      .replaceAll('"', '')
      .split(',')
      .filter((alias) => alias !== '')
    tags.push({ name, category: wholeNumber(category), count: wholeNumber(count), aliases: list })
  }
  return tags
}

const wholeNumber = (text: string): number | null => (/^\d+$/.test(text.trim()) ? Number(text) : null)

function findTags(tags: readonly Tag[], wanted: string, limit: number): FoundTag[] {
  const inside = `_${wanted}`
  const beginning: FoundTag[] = []
  const within: FoundTag[] = []
  const called: FoundTag[] = []
  for (const tag of tags) {
    if (beginning.length === limit) break
    const name = tag.name.toLowerCase()
    if (name.startsWith(wanted)) beginning.push({ ...tag, alias: null })
    else if (within.length < limit && name.includes(inside)) within.push({ ...tag, alias: null })
    else if (called.length < limit) {
      const alias = tag.aliases.find((other) => other.toLowerCase().startsWith(wanted))
      if (alias !== undefined) called.push({ ...tag, alias })
    }
  }
  return [...beginning, ...within, ...called].slice(0, limit)
}
