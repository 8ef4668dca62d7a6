import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import { byteSpelling, bytesBySpelling, mergePairs } from './bytePairs.ts'
import { readGgufVocabulary } from './ggufVocabulary.ts'
import type { Tokenizer } from './tokenizer.ts'

/** The parts of a tokenizer.json (Hugging Face tokenizers) that Qwen's tokenizers are made of. */
const fileSchema = z.object({
  added_tokens: z.array(z.object({ id: z.number().int(), content: z.string().min(1) })),
  normalizer: z.object({ type: z.literal('NFC') }).nullable(),
  pre_tokenizer: z.object({
    pretokenizers: z
      .array(z.looseObject({ type: z.string(), pattern: z.object({ Regex: z.string() }).optional() }))
      .min(1),
  }),
  model: z.object({
    type: z.literal('BPE'),
    vocab: z.record(z.string(), z.number().int().min(0)),
    merges: z.array(
      z.union([z.string(), z.tuple([z.string(), z.string()]).transform((pair) => pair.join(' '))]),
    ),
  }),
})
export type TokenizerFile = z.output<typeof fileSchema>

/** Reads the tokenizer.json of a folder, or the vocabulary of a GGUF file. Throws `missing-part`, `bad-checkpoint`. */
export async function openChatTokenizer(place: string): Promise<Tokenizer> {
  if (extname(place).toLowerCase() === '.gguf') return chatTokenizer(await readGgufVocabulary(place))
  const path = join(place, 'tokenizer.json')
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StudioError('missing-part', `${path} is not there. Download the model again.`, { cause })
  })
  try {
    return chatTokenizer(fileSchema.parse(JSON.parse(text)))
  } catch (cause) {
    const message = `${path} is not a byte-level tokenizer as Qwen has it. Download the model again.`
    throw new StudioError('bad-checkpoint', message, { cause })
  }
}

/** Byte-level byte-pair encoding; tokens with a name of their own are found wherever they stand in a text. */
function chatTokenizer({
  added_tokens: added,
  model,
  pre_tokenizer: { pretokenizers },
}: TokenizerFile): Tokenizer {
  const ids = new Map(Object.entries(model.vocab))
  const named = new Map(added.map(({ id, content }) => [content, id]))
  const spelled = new Map([...ids].map(([token, id]) => [id, token]))
  const names = new Map(added.map(({ id, content }) => [id, content]))
  const ranks = new Map(model.merges.map((merge, rank) => [merge, rank]))
  const words = wordPattern(pretokenizers.find(({ pattern }) => pattern)!.pattern!.Regex)
  const byLength = [...named.keys()].sort((a, b) => b.length - a.length)
  const nameOrText = new RegExp(`(${byLength.map((name) => RegExp.escape(name)).join('|')})`)

  const encodeWord = (word: string): number[] =>
    mergePairs(
      [...Buffer.from(word, 'utf8')].map((byte) => byteSpelling[byte]),
      ranks,
    ).map((piece) => ids.get(piece)!)

  return {
    bos: named.get('<|im_start|>') ?? 0,
    eos: named.get('<|im_end|>') ?? 0,
    pad: named.get('<|endoftext|>') ?? 0,
    comma: ids.get(','),
    encode: (text) =>
      (named.size === 0 ? [text] : text.split(nameOrText)).flatMap((part) => {
        const id = named.get(part)
        if (id !== undefined) return [id]
        return [...part.normalize('NFC').matchAll(words)].flatMap(([word]) => encodeWord(word))
      }),
    decode(encoded) {
      const bytes = encoded.flatMap((id) => {
        const name = names.get(id)
        if (name !== undefined) return [...Buffer.from(name, 'utf8')]
        return [...(spelled.get(id) ?? '')].map((character) => bytesBySpelling.get(character)!)
      })
      return Buffer.from(bytes).toString('utf8')
    },
  }
}

/** The pattern as Rust reads it: white space there is Unicode's. */
const wordPattern = (pattern: string): RegExp =>
  new RegExp(pattern.replaceAll('\\s', '\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}'), 'gu')
