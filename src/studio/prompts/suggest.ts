import { isOfFamily } from '../../shared/models/families.ts'
import type { OwnedFile } from '../../shared/models/ownedFile.ts'
import type { PastPrompt, Suggestion } from '../../shared/calls/promptCalls.ts'
import type { Style } from '../../shared/calls/contract.ts'
import type { FoundTag, TagLists } from './tagLists.ts'

/** Where suggestions come from. */
export interface Sources {
  files(): readonly OwnedFile[]
  styles(): Promise<readonly Style[]>
  wildcards(): Promise<readonly string[]>
  tags: TagLists
  past(search: string, limit: number): Promise<PastPrompt[]>
}

interface Asked {
  before: string
  atEnd: boolean
  family: string | null
  limit: number
}

/** Fewer characters say too little. */
const fewest = 2
const fewestOfPrompt = 3
const mostPrompts = 3
/** Characters that the history is searched for, and prompts that are looked at. */
const mostSearched = 200
const mostLookedAt = 20

/** What the text before the caret could become: behind `<` a LoRA, behind `__` a wildcard, else whatever has the name. */
export async function suggest(asked: Asked, sources: Sources): Promise<Suggestion[]> {
  const { before, family, limit } = asked
  const usable = (kind: OwnedFile['kind']): OwnedFile[] =>
    sources.files().filter((file) => file.kind === kind && isOfFamily(file, family) && !file.problem)
  const tag = /<(?:lora:)?([^<>:]*)$/i.exec(before)
  if (tag) {
    const ofText = (text: string): Suggestion[] =>
      named(usable('lora'), text, limit, (file) => lora(file, tag[0].length))
    // Who writes "lora:" out has begun no name yet.
    const others = 'lora'.startsWith(tag[1].toLowerCase()) ? ofText('') : []
    const found = new Map([...ofText(tag[1]), ...others].map((one) => [one.name, one]))
    return [...found.values()].slice(0, limit)
  }
  const wildcard = /__([^_\s,][^\s,{}|]*)?$/.exec(before)
  if (wildcard) {
    const names = (await sources.wildcards()).map((name) => ({ name }))
    return named(names, wildcard[1] ?? '', limit, ({ name }) => ({
      ...plain('wildcard', name, wildcard[0].length),
      text: `__${name}__`,
    }))
  }
  const [term] = /[^,\n()[\]{}|:<>]*$/.exec(before)!
  const word = term.trimStart()
  const last = /\S*$/.exec(word)![0]
  const past = asked.atEnd ? await pastOnes(before, sources) : []
  for (const typed of new Set([word, last])) {
    if (typed.trim().length < fewest) continue
    const found = await ofName(typed, { usable, limit, sources })
    if (found.length > 0) return [...past, ...found].slice(0, limit)
  }
  return past
}

async function ofName(
  typed: string,
  {
    usable,
    limit,
    sources,
  }: { usable: (kind: OwnedFile['kind']) => OwnedFile[]; limit: number; sources: Sources },
): Promise<Suggestion[]> {
  const { length } = typed
  const embeddings = named(usable('embedding'), typed, limit, ({ name }) => plain('embedding', name, length))
  const loras = named(usable('lora'), typed, limit, (file) => lora(file, length))
  const styles = named(await sources.styles(), typed, limit, ({ name }) => ({
    ...plain('style', name, length),
    text: '',
  }))
  const tags = (await sources.tags.find(typed, limit)).map((tag) => tagSuggestion(tag, length))
  return [...embeddings, ...loras, ...styles, ...tags].slice(0, limit)
}

/** Past prompts that begin with all that was typed. */
async function pastOnes(before: string, { past }: Sources): Promise<Suggestion[]> {
  const typed = before.toLowerCase()
  if (typed.trim().length < fewestOfPrompt) return []
  const found = await past(before.slice(0, mostSearched), mostLookedAt)
  const goOn = found.filter(
    ({ prompt }) => prompt.length > typed.length && prompt.toLowerCase().startsWith(typed),
  )
  return goOn.slice(0, mostPrompts).map(({ prompt }) => plain('prompt', prompt, before.length))
}

/** Those whose name begins with a text, then those that have it inside. */
function named<Named extends { name: string }>(
  among: readonly Named[],
  text: string,
  limit: number,
  make: (one: Named) => Suggestion,
): Suggestion[] {
  const wanted = text.trim().toLowerCase()
  const places = among.map((one) => ({ one, at: one.name.toLowerCase().indexOf(wanted) }))
  return places
    .filter(({ at }) => at >= 0)
    .sort((a, b) => Number(a.at > 0) - Number(b.at > 0) || a.one.name.localeCompare(b.one.name))
    .slice(0, limit)
    .map(({ one }) => make(one))
}

const plain = (kind: Suggestion['kind'], name: string, replaces: number): Suggestion => ({
  ...{ kind, name, text: name, replaces },
  ...{ alias: null, count: null, category: null },
})

const lora = ({ name }: OwnedFile, replaces: number): Suggestion => ({
  ...plain('lora', name, replaces),
  text: `<lora:${name}:1>`,
})

/** Written as models were told it: spaces for underscores, but not in a face such as ^_^; brackets as text. */
function tagSuggestion({ name, alias, count, category }: FoundTag, replaces: number): Suggestion {
  const words = /[a-z0-9]{2}/i.test(name) ? name.replaceAll('_', ' ') : name
  const text = words.replace(/[()\[\]\\]/g, '\\$&')
  return { ...plain('tag', name, replaces), text, alias, count, category }
}
