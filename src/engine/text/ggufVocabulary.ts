import { StudioError } from '../../shared/errors.ts'
import { readGgufLists } from '../model/files/gguf.ts'
import type { TokenizerFile } from './chatTokenizer.ts'

/**
 * The vocabulary that llama.cpp keeps in the header of a GGUF file (docs/gguf.md, "Tokenizer"): tokens by their ids, their
 * types and merges. The pattern of words is not in there but known by its name, "qwen2".
 */

const keys = {
  tokens: 'tokenizer.ggml.tokens',
  types: 'tokenizer.ggml.token_type',
  merges: 'tokenizer.ggml.merges',
}

/** Qwen2's pattern of words, as its tokenizer.json has it. */
const words =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

/** Types of tokens: control and user-defined ones have a name of their own, unused ones only fill up. */
const [control, userDefined, unused] = ['3', '4', '5']

/** Whether a header says that the file brings a vocabulary that is read here. */
export const bringsVocabulary = (metadata: Readonly<Record<string, string>>): boolean =>
  metadata['tokenizer.ggml.model'] === 'gpt2' && metadata['tokenizer.ggml.pre'] === 'qwen2'

/** A vocabulary in the form of a tokenizer.json. Throws `bad-checkpoint` for one that is not whole. */
export async function readGgufVocabulary(path: string): Promise<TokenizerFile> {
  const lists = await readGgufLists(path, Object.values(keys))
  const [tokens, types, merges] = [keys.tokens, keys.types, keys.merges].map((key) => lists[key])
  if (!tokens || !merges || types?.length !== tokens.length)
    throw new StudioError(
      'bad-checkpoint',
      `${path} has no whole vocabulary in its header. Put the tokenizer.json of its model beside it.`,
    )
  const isNamed = (id: number): boolean => types[id] === control || types[id] === userDefined
  const vocab: Record<string, number> = {}
  tokens.forEach((token, id) => {
    if (!isNamed(id) && types[id] !== unused) vocab[token] = id
  })
  const named = tokens.map((content, id) => ({ id, content })).filter(({ id }) => isNamed(id))
  return {
    added_tokens: named,
    normalizer: { type: 'NFC' },
    pre_tokenizer: { pretokenizers: [{ type: 'Split', pattern: { Regex: words } }] },
    model: { type: 'BPE', vocab, merges: [...merges] },
  }
}
