import { loraTags, readsTags } from '../../shared/prompt/loraTags.ts'
import type { GenerationRequest, ResolvedRequest, SeedConvention } from '../../shared/request/request.ts'
import type { UsedFile } from '../../shared/request/adapters.ts'
import { sameFileName, usedFile } from '../../shared/request/usedFiles.ts'

/** A file that a request asks for by name. */
export interface NamedFile {
  kind: UsedFile['kind']
  name: string
  /** false: what names it is a word of the prompt, which without the file is nothing or plain words. */
  isNeeded: boolean
}

/** What tells which files a request names. */
export type NamingRequest = Pick<
  GenerationRequest,
  | 'prompt'
  | 'negativePrompt'
  | 'prompt2'
  | 'negativePrompt2'
  | 'batchPrompts'
  | 'branch'
  | 'hires'
  | 'seedConvention'
  | 'adapters'
  | 'vae'
  | 'controls'
  | 'files'
>

/** The files that a request with filled prompts names, each once. `embeddings` are the names of those that are here. */
export function namedFiles(request: NamingRequest, embeddings: readonly string[]): NamedFile[] {
  const before = request.branch?.before.map((leg) => ({ ...leg, hires: null })) ?? []
  const prompts = [request, ...(request.batchPrompts ?? []), ...before]
  const tags = readsTags(request.seedConvention) ? prompts.flatMap(({ prompt }) => loraTags(prompt)) : []
  const texts = [
    ...prompts.flatMap(({ prompt, negativePrompt, hires }) => [
      prompt,
      negativePrompt,
      hires?.prompt ?? '',
      hires?.negativePrompt ?? '',
    ]),
    ...[request, ...before].flatMap(({ prompt2, negativePrompt2 }) => [prompt2 ?? '', negativePrompt2 ?? '']),
  ]
  const named: NamedFile[] = [
    ...request.adapters.map(({ name }) => ({ kind: 'lora' as const, name, isNeeded: true })),
    ...tags.map(({ name }) => ({ kind: 'lora' as const, name, isNeeded: false })),
    ...namedEmbeddings(texts, embeddings, request.seedConvention).map((name) => ({
      kind: 'embedding' as const,
      name,
      isNeeded: false,
    })),
    ...(request.vae === null ? [] : [{ kind: 'vae' as const, name: request.vae, isNeeded: true }]),
    ...request.controls.map(({ model }) => ({ kind: 'controlnet' as const, name: model, isNeeded: true })),
  ]
  return named.filter(
    (file, index) =>
      named.findIndex(({ kind, name }) => kind === file.kind && sameFileName(name, file.name)) === index,
  )
}

/** The request of one image without files that only other images of its batch use. */
export function withOwnFiles(request: ResolvedRequest): ResolvedRequest {
  const embeddings = request.files.filter(({ kind }) => kind === 'embedding').map(({ name }) => name)
  const named = namedFiles(request, embeddings)
  const files = named.flatMap(({ kind, name }) => usedFile(request.files, kind, name) ?? [])
  return { ...request, files: [...files, ...otherFiles(request.files)] }
}

/** Files of kinds that are not looked up here. */
export const otherFiles = (files: readonly UsedFile[]): UsedFile[] =>
  files.filter(({ kind }) => !['lora', 'embedding', 'vae', 'controlnet'].includes(kind))

/**
 * The embeddings that texts name: as AUTOMATIC1111 finds them, by name alone, the longest name first; as ComfyUI does,
 * behind `embedding:`.
 */
function namedEmbeddings(
  texts: readonly string[],
  embeddings: readonly string[],
  convention: SeedConvention,
): string[] {
  const found = new Set<string>()
  const add = (written: string): void => {
    const name = embeddings.find((known) => sameFileName(known, written))
    if (name !== undefined) found.add(name)
  }
  if (convention === 'ComfyUI') {
    for (const text of texts)
      for (const [, written] of text.matchAll(/embedding:([^\s,:()<>]{1,300})/gi))
        add(written.replace(/\.(?:safetensors|pt|bin)$/i, ''))
    return [...found]
  }
  const names = embeddings.filter((name) => name !== '').map(asPattern)
  if (names.length === 0) return []
  const anyName = new RegExp(names.toSorted((one, other) => other.length - one.length).join('|'), 'giu')
  for (const text of texts) for (const [written] of text.matchAll(anyName)) add(written)
  return [...found]
}

/** A name where no letters go on at its ends: there the tokenizer makes other tokens of it. */
function asPattern(name: string): string {
  const letter = /^\p{L}$/u
  const before = letter.test([...name][0]) ? '(?<!\\p{L})' : ''
  const after = letter.test([...name].at(-1)!) ? '(?!\\p{L})' : ''
  return `${before}${RegExp.escape(name)}${after}`
}
