import type { TextEncoding } from '../model.ts'
import type { TextNetwork } from './networks.ts'

/** More than the prompts of one picture, edits of them included, are seldom said twice. */
const kept = 16

/**
 * A text encoder that remembers what it answered last: the pictures of a batch say the same, and what to keep away from
 * stays while a person tries prompts. Texts with vectors of embeddings in them are read anew.
 */
export function remembering({ encode, release }: TextNetwork): TextNetwork {
  const known = new Map<string, TextEncoding>()
  return {
    async encode(ids, inserted = [], strengths = new Float32Array(), said = ids.length) {
      if (inserted.length > 0) return encode(ids, inserted, strengths)
      const key = `${ids.join()} ${strengths.join()} ${said}`
      const encoding = known.get(key) ?? (await encode(ids, inserted, strengths, said))
      known.delete(key)
      known.set(key, encoding)
      if (known.size > kept) known.delete(known.keys().next().value!)
      return encoding
    },
    release,
  }
}
