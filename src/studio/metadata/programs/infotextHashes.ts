import { loraTags } from '../../../shared/prompt/loraTags.ts'
import { parseObject, type JsonObject } from '../tolerantJson.ts'
import { namesOfCivitaiResources } from './civitaiResources.ts'
import { notLoaded, toText, type GenerationDraft } from './generationDraft.ts'

type Settings = ReadonlyMap<string, string>

/** The setting Hashes of Civitai's extension: { "model": hash, "vae": hash, "lora:name": hash, "embed:name": hash }. */
const hashesOf = (settings: Settings): JsonObject => parseObject(settings.get('hashes')) ?? {}

export const modelOfHashes = (settings: Settings): string | undefined => toText(hashesOf(settings).model)

interface Hash {
  kind: string
  name: string
  digits: string | undefined
}

/** A list "name: value, name: value", as AUTOMATIC1111 writes hashes and Fooocus weights. */
const pairsOf = (list = ''): [name: string, value: string][] =>
  list.split(',').flatMap((pair): [string, string][] => {
    const colon = pair.lastIndexOf(':')
    return colon > 0 ? [[pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()]] : []
  })

function listedHashes(settings: Settings): Hash[] {
  const hashes: Hash[] = []
  for (const [key, kind] of [
    ['lora hashes', 'lora'],
    ['ti hashes', 'embed'],
  ])
    for (const [name, digits] of pairsOf(settings.get(key))) hashes.push({ kind, name, digits })
  for (const [key, digits] of Object.entries(hashesOf(settings))) {
    const [, kind, name] = /^(\w+):(.{1,200})$/s.exec(key) ?? []
    const isListed = hashes.some((hash) => hash.kind === kind && hash.name === name)
    if (kind !== undefined && !isListed)
      hashes.push({ kind: kind.toLowerCase(), name, digits: toText(digits) })
  }
  return hashes
}

const mostHashes = 50

/**
 * Reads which files took part, and by which hashes they are known. LoRAs have their strengths in tags of the prompt, or
 * in Fooocus' list of weights; AUTOMATIC1111 takes colons and commas out of the names that it lists.
 */
export function readHashes(draft: GenerationDraft, settings: Settings, prompt: string): void {
  const tagged = loraTags(prompt).map(({ name }) => name)
  const weights = new Map(pairsOf(settings.get('lora weights')))
  const hashes = listedHashes(settings)
  const tagOf = (name: string) => tagged.find((written) => written.replace(/[:,]/g, '') === name)
  const untagged = hashes.filter(({ kind, name }) => kind === 'lora' && tagOf(name) === undefined)
  const said = listedByCivitai(untagged, settings)
  for (const { kind, name, digits } of hashes.slice(0, mostHashes)) {
    const tag = tagOf(name)
    if (kind === 'embed') {
      draft.needFile({ kind: 'embedding', name }, 'embedding', name)
      draft.addHash('embedding', name, digits)
    } else if (kind !== 'lora') draft.leave(kinds.get(kind) ?? kind, name, notLoaded)
    else {
      draft.addHash('lora', tag ?? name, digits)
      if (tag === undefined && !said.has(name)) readUntagged(draft, name, weights.get(name))
    }
  }
  if (hashes.length > mostHashes) draft.leave('Hashes', `${hashes.length - mostHashes} further`, notLoaded)
}

/**
 * The LoRAs that Civitai's resources say too, under their names on the site: all where as many are listed there, else
 * those whose names are alike.
 */
function listedByCivitai(loras: readonly Hash[], settings: Settings): Set<string> {
  const listed = namesOfCivitaiResources(settings, 'lora').map(bare)
  const isAlike = ({ name }: Hash): boolean => listed.some((other) => other.includes(bare(name)))
  const said = listed.length >= loras.length ? loras : loras.filter(isAlike)
  return new Set(said.map(({ name }) => name))
}

const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

function readUntagged(draft: GenerationDraft, name: string, weight: string | undefined): void {
  if (weight === undefined) draft.leave('LoRA', name, 'took part; the file does not tell how strongly')
  else draft.addLora({ name, unet: weight, text: weight }, `${name} (weight ${weight})`)
}

const kinds: ReadonlyMap<string, string> = new Map([['hypernet', 'hypernetwork']])

/** A VAE beside the model, by its file's name. */
export function readVae(draft: GenerationDraft, name: string, settings: Settings): void {
  draft.setVae(name, 'VAE')
  const digits = settings.get('vae hash') ?? toText(hashesOf(settings).vae)
  if (digits !== undefined) draft.addHash('vae', name, digits)
}
