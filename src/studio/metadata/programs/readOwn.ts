import type { Generation } from '../../../shared/library/generation.ts'
import { ownKeyword, parseOwnMetadata } from '../imageMetadata.ts'
import type { Picture } from '../picture.ts'

/** Reads the studio's own record. Throws `bad-metadata` for a broken one. */
export function readOwn({ texts }: Picture): Generation | null {
  const text = texts.get(ownKeyword)
  if (text === undefined) return null
  const { request, model } = parseOwnMetadata(text)
  return {
    source: 'Latent Studio',
    request,
    model: { name: model.name, hash: model.hash },
    unmapped: [],
    text,
  }
}
