import { StudioError } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { Chat } from '../model/family.ts'
import type { Model } from '../model/model.ts'
import { promptLanguage } from './promptLanguage.ts'
import type { EncodedPrompts, ScheduledEmbeddings } from './textEmbeddings.ts'
import type { Tokenizer } from './tokenizer.ts'

interface ChatReader {
  model: Model
  tokenizer: Tokenizer
  chat: Chat
}

/** One message of a person, and the beginning of an answer, as Qwen3's chat template writes them. */
export const chatMessage = (prompt: string, { answer }: Pick<Chat, 'answer'>): string =>
  `<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n${answer}`

/**
 * Prompts for models that read them as messages of a chat. Words are read as they stand: brackets weigh nothing, and a
 * prompt says the same over all steps. The negative prompt is read only where there is guidance away from it. Throws
 * `bad-request` for a text of more tokens than are read, of which diffusers leaves out the last.
 */
export async function encodeChat(reader: ChatReader, request: ResolvedRequest): Promise<EncodedPrompts> {
  const { prompt, negativePrompt, guidanceScale, seedConvention } = request
  const { plain } = promptLanguage(seedConvention)
  const isGuided = guidanceScale !== 1 && !reader.model.guidanceDistilled
  const cuts = seedConvention === 'diffusers'
  const said = tokensOf(reader, plain(prompt), cuts ? null : 'prompt')
  const against = isGuided ? tokensOf(reader, plain(negativePrompt), cuts ? null : 'negativePrompt') : null
  const positive = await encodeMessage(reader, said)
  const negative = against ? await encodeMessage(reader, against) : { ...positive }
  const counts = [positive, negative].map(({ texts }) => texts[0].embeddings.tokens)
  return { positive: [positive], negative, tokens: Math.max(...counts), tokensVary: true }
}

/** `field`: what to call a text that is too long; null: it is cut. */
function tokensOf({ tokenizer, chat }: ChatReader, prompt: string, field: string | null): number[] {
  const ids = tokenizer.encode(chatMessage(prompt, chat))
  if (ids.length <= chat.maxTokens || field === null) return ids.slice(0, chat.maxTokens)
  const template = tokenizer.encode(chatMessage('', chat)).length
  throw new StudioError(
    'bad-request',
    `${field}: has ${ids.length - template} tokens, and this model reads ${chat.maxTokens - template}. Make it shorter.`,
  )
}

async function encodeMessage(
  { model, tokenizer, chat }: ChatReader,
  ids: readonly number[],
): Promise<ScheduledEmbeddings> {
  const filling = chat.fillsUp ? Array<number>(chat.maxTokens - ids.length).fill(tokenizer.pad) : []
  const read = [...ids, ...filling]
  const { hidden } = await model.encodeText(0, read, model.clipSkip, [], ids.length)
  return {
    weight: 1,
    texts: [{ until: Infinity, embeddings: { context: hidden, tokens: read.length, pooled: null } }],
  }
}
