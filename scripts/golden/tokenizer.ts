import type { TextCleaning } from '../../src/engine/text/textCleaning.ts'
import { openTokenizer, type Tokenizer } from '../../src/engine/text/tokenizer.ts'
import { standardTokenizerFiles } from '../../src/engine/text/tokenizerFiles.ts'
import { exactCase, shorten, type Expectation } from './exact.ts'
import { headerKind, type GoldenKind } from './kind.ts'

interface TokenizerCase {
  prompt: string
  openai: number[]
  chunks_75_pad_eos?: number[][]
  chunks_75_pad_0?: number[][]
  openai_truncated_77?: number[]
  [reference: string]: unknown
}

const cleanings: Record<string, TextCleaning> = {
  hf_slow_ftfy: 'transformers with ftfy',
  hf_slow_noftfy: 'transformers',
  hf_fast: 'transformers fast',
}

/** Kind C: ids of CLIP's byte-pair encoding, and the plain cut into chunks of 75. */
export const tokenizers: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('C '),
  async *run({ json }) {
    const files = await standardTokenizerFiles()
    const openai = openTokenizer(files)
    const others = Object.entries(cleanings).map(([field, cleaning]) => ({
      field,
      tokenizer: openTokenizer(files, cleaning),
    }))
    for (const expected of (json as { cases: TokenizerCase[] }).cases) {
      const variants = others.map(({ field, tokenizer }) => ({
        what: field,
        found: tokenizer.encode(expected.prompt),
        // The file leaves out what is as in openai/CLIP.
        expected: expected[field] ?? expected.openai,
      }))
      yield exactCase('C', `C ${shorten(expected.prompt)}`, [
        ...openaiExpectations(openai, expected),
        ...variants,
      ])
    }
  },
}

function openaiExpectations(tokenizer: Tokenizer, expected: TokenizerCase): Expectation[] {
  const ids = tokenizer.encode(expected.prompt)
  const found: Record<string, unknown> = {
    openai: ids,
    chunks_75_pad_eos: plainChunks(tokenizer, ids, tokenizer.eos),
    chunks_75_pad_0: plainChunks(tokenizer, ids, 0),
    openai_truncated_77: [tokenizer.bos, ...ids].slice(0, 76).concat(tokenizer.eos),
  }
  return Object.entries(found)
    .filter(([field]) => expected[field] !== undefined)
    .map(([field, value]) => ({ what: field, found: value, expected: expected[field] }))
}

/** Every 75 ids between start and end, the last filled up: what tools without emphasis and commas do. */
function plainChunks({ bos, eos }: Tokenizer, ids: readonly number[], pad: number): number[][] {
  const count = Math.max(1, Math.ceil(ids.length / 75))
  return Array.from({ length: count }, (_, index) => {
    const chunk = ids.slice(index * 75, (index + 1) * 75)
    return [bos, ...chunk, eos, ...Array<number>(75 - chunk.length).fill(pad)]
  })
}
