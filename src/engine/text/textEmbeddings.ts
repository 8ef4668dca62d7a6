import type { Chunk } from './chunks.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { Model, TextEncoding } from '../model/model.ts'
import { encodeChat } from './chatText.ts'
import { openChatTokenizer } from './chatTokenizer.ts'
import { promptLanguage } from './promptLanguage.ts'
import { readPrompt, textAt, type Reader } from './readPrompt.ts'
import type { TextCleaning } from './textCleaning.ts'
import { openTokenizer, type Tokenizer } from './tokenizer.ts'
import { readTokenizerFolder, standardTokenizerFiles } from './tokenizerFiles.ts'

/** Text as the U-Net reads it. */
export interface TextEmbeddings {
  /** [tokens, width], row-major; null for models that know no text. */
  context: Float32Array | null
  tokens: number
  pooled: Float32Array | null
}

/** One of the prompts joined by AND: its weight, and what it says up to and including an evaluation (from 1). */
export interface ScheduledEmbeddings {
  weight: number
  texts: readonly { until: number; embeddings: TextEmbeddings }[]
}

export interface EncodeOptions {
  clipSkip: { positive: number; negative: number }
  /** Network evaluations of the whole pass, what prompt editing divides, and of the passes before it. */
  evaluations: number
  evaluationsBefore: number
}

/** One tokenizer a text encoder: the model folder's own, or the vocabulary that all published models share. */
export function openTokenizers(
  { textEncoders, family }: Pick<Model, 'textEncoders' | 'family'>,
  cleaning: TextCleaning = 'openai',
): Promise<Tokenizer[]> {
  return Promise.all(
    textEncoders.map(async ({ tokenizerFolder, padToken }) => {
      if (family.chat) return openChatTokenizer(tokenizerFolder!)
      if (tokenizerFolder) return openTokenizer(await readTokenizerFolder(tokenizerFolder), cleaning)
      const files = await standardTokenizerFiles()
      return openTokenizer(padToken === null ? files : { ...files, pad: padToken }, cleaning)
    }),
  )
}

/** The prompts joined by AND, and what to keep away from. */
export interface EncodedPrompts {
  positive: ScheduledEmbeddings[]
  negative: ScheduledEmbeddings
  /** How many tokens every text has, or the longest where they vary. */
  tokens: number
  tokensVary: boolean
}

/** Everything a request says, encoded. */
export async function encodePrompts(
  model: Model,
  tokenizers: readonly Tokenizer[],
  request: ResolvedRequest,
  { clipSkip, evaluations, evaluationsBefore }: EncodeOptions,
): Promise<EncodedPrompts> {
  const { chat } = model.family
  if (chat) return encodeChat({ model, tokenizer: tokenizers[0], chat }, request)
  const { prompt, prompt2, negativePrompt, negativePrompt2, seedConvention } = request
  const language = promptLanguage(seedConvention)
  const encoder = { model, tokenizers, language, evaluations, evaluationsBefore }
  const negative = await encodePrompt(
    { ...encoder, clipSkip: clipSkip.negative },
    negativePrompt,
    negativePrompt2,
    true,
  )
  const positive = await encodePrompt({ ...encoder, clipSkip: clipSkip.positive }, prompt, prompt2, false)
  const { prompts, ...counted } = levelTokens([...negative, ...positive])
  return { ...counted, negative: prompts[0], positive: prompts.slice(1) }
}

/** Everything that turns text into embeddings. */
interface Encoder extends Reader {
  model: Model
  clipSkip: number
}

/** Encodes a prompt; see `readPrompt`. For SDXL no text to keep away from is zeros. */
async function encodePrompt(
  encoder: Encoder,
  prompt: string,
  second: string | null,
  negative: boolean,
): Promise<ScheduledEmbeddings[]> {
  const { model } = encoder
  const scheduled: ScheduledEmbeddings[] = []
  for (const { weight, windows, texts: read } of readPrompt(encoder, prompt, second, negative)) {
    const known = new Map<string, TextEmbeddings>()
    const texts = []
    for (const { until, said, chunks } of read) {
      const key = said.join('\0')
      const encoded = known.get(key) ?? (await encodeChunks(encoder, chunks, windows))
      known.set(key, encoded)
      const unsaid = negative && model.zerosForEmptyNegative && said.every((text) => text === '')
      texts.push({ until, embeddings: unsaid ? zeros(encoded) : encoded })
    }
    scheduled.push({ weight, texts })
  }
  return scheduled
}

/** The embeddings that hold at an evaluation, counted from 0. */
export const embeddingsAt = ({ texts }: ScheduledEmbeddings, evaluation: number): TextEmbeddings =>
  textAt(texts, evaluation).embeddings

/** Up to this many tokens (20 chunks) texts are repeated to a common length. */
const mostCommon = 20 * 77

/**
 * Gives every text the same number of tokens by repeating it whole: attention over k copies of the same keys and
 * values is attention over one, so the pictures do not change, and one U-Net session of known sizes serves all of
 * them. Where they would meet far beyond the longest of them (27 and 26 chunks at 702), each keeps its own length.
 */
export function levelTokens(prompts: readonly ScheduledEmbeddings[]): {
  prompts: readonly ScheduledEmbeddings[]
  tokens: number
  tokensVary: boolean
} {
  const counts = prompts.flatMap(({ texts }) => texts.map(({ embeddings }) => embeddings.tokens))
  const longest = Math.max(...counts)
  const tokens = counts.reduce(leastCommonMultiple)
  if (tokens > longest && tokens > mostCommon) return { prompts, tokens: longest, tokensVary: true }
  const level = prompts.map(({ weight, texts }) => ({
    weight,
    texts: texts.map(({ until, embeddings }) => ({ until, embeddings: repeatContext(embeddings, tokens) })),
  }))
  return { prompts: level, tokens, tokensVary: false }
}

function repeatContext(embeddings: TextEmbeddings, tokens: number): TextEmbeddings {
  const { context } = embeddings
  if (!context || embeddings.tokens === tokens) return embeddings
  const repeated = new Float32Array((context.length * tokens) / embeddings.tokens)
  for (let offset = 0; offset < repeated.length; offset += context.length) repeated.set(context, offset)
  return { ...embeddings, context: repeated, tokens }
}

/** Encodes the chunks of a text one after the other, filled up with chunks of no text to `windows` of them. */
async function encodeChunks(
  encoder: Encoder,
  chunks: readonly Chunk[][],
  windows: number,
): Promise<TextEmbeddings> {
  const { tokenizers, language } = encoder
  if (tokenizers.length === 0) return { context: null, tokens: 1, pooled: null }
  const encoded: TextEncoding[] = []
  for (let window = 0; window < windows; window++) {
    const encodings: TextEncoding[] = []
    for (const [i, tokenizer] of tokenizers.entries()) {
      const empty = language.chunks(tokenizer, '', [])[0]
      encodings.push(await encodeChunk(encoder, i, chunks[i][window] ?? empty, empty))
    }
    encoded.push(sideBySide(encodings))
  }
  const context = new Float32Array(encoded.reduce((sum, { hidden }) => sum + hidden.length, 0))
  encoded.forEach(({ hidden }, window) => context.set(hidden, window * hidden.length))
  return { context, tokens: context.length / encoded[0].width, pooled: encoded[0].pooled }
}

async function encodeChunk(
  { model, language, clipSkip }: Encoder,
  encoder: number,
  { ids, weights, embeddings }: Chunk,
  empty: Chunk,
): Promise<TextEncoding> {
  const inserted = embeddings.map(({ name, at, from = 0 }) => {
    const { byEncoder, vectors } = model.embeddings.find(({ names }) => names.includes(name))!
    const width = byEncoder[encoder].length / vectors
    return { at, vectors: byEncoder[encoder].subarray(from * width) }
  })
  const encoding = await model.encodeText(encoder, ids, clipSkip, inserted)
  if (weights.every((weight) => weight === 1)) return encoding
  const { hidden, width } = encoding
  const { hidden: emptyHidden } = await model.encodeText(encoder, empty.ids, clipSkip)
  return { ...encoding, hidden: language.emphasise(hidden, weights, width, emptyHidden) }
}

/** Joins the rows of several encoders for the same tokens, as SDXL reads them; the last pooled embedding counts. */
function sideBySide(encodings: readonly TextEncoding[]): TextEncoding {
  if (encodings.length === 1) return encodings[0]
  const width = encodings.reduce((sum, encoding) => sum + encoding.width, 0)
  const rows = encodings[0].hidden.length / encodings[0].width
  const hidden = new Float32Array(rows * width)
  let offset = 0
  for (const encoding of encodings) {
    for (let row = 0; row < rows; row++)
      hidden.set(
        encoding.hidden.subarray(row * encoding.width, (row + 1) * encoding.width),
        row * width + offset,
      )
    offset += encoding.width
  }
  return { hidden, width, pooled: encodings.at(-1)!.pooled }
}

const zeros = ({ context, tokens, pooled }: TextEmbeddings): TextEmbeddings => ({
  context: context && context.map(() => 0),
  tokens,
  pooled: pooled && pooled.map(() => 0),
})

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b)
const leastCommonMultiple = (a: number, b: number): number =>
  a === b ? a : (a * b) / greatestCommonDivisor(a, b)
