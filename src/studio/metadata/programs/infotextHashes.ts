import { parseObject, type JsonObject } from '../tolerantJson.ts'
import { notLoaded, toText, type GenerationDraft } from './generationDraft.ts'

/** The setting Hashes of Civitai's extension: { "model": hash, "vae": hash, "lora:name": hash, "embed:name": hash }. */
const hashesOf = (settings: ReadonlyMap<string, string>): JsonObject =>
  parseObject(settings.get('hashes')) ?? {}

export const modelOfHashes = (settings: ReadonlyMap<string, string>): string | undefined =>
  toText(hashesOf(settings).model)

const kinds: ReadonlyMap<string, string> = new Map([
  ['lora', 'LoRA'],
  ['embed', 'embedding'],
  ['hypernet', 'hypernetwork'],
])
const mostHashes = 50

/** Says which LoRAs, embeddings and other networks took part that nothing but their hashes names. */
export function leaveHashes(
  draft: GenerationDraft,
  settings: ReadonlyMap<string, string>,
  prompts: string,
): void {
  const lists = ['lora hashes', 'ti hashes'].map((key) => settings.get(key) ?? '')
  const unsaid = Object.keys(hashesOf(settings)).flatMap((key) => {
    const [, kind, name] = /^(\w+):(.{1,200})$/s.exec(key) ?? []
    const isSaid =
      kind === undefined ||
      lists.some((list) => list.includes(`${name}: `)) ||
      (kind !== 'embed' && prompts.includes(`:${name}:`))
    return isSaid ? [] : [[kinds.get(kind.toLowerCase()) ?? kind, name]]
  })
  for (const [kind, name] of unsaid.slice(0, mostHashes)) draft.leave(kind, name, notLoaded)
  if (unsaid.length > mostHashes) draft.leave('Hashes', `${unsaid.length - mostHashes} further`, notLoaded)
}
