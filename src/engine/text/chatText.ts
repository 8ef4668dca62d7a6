import type { ResolvedRequest } from '../../shared/request.ts'
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
 * prompt says the same over all steps. The negative prompt is read only where there is guidance away from it.
 */
export async function encodeChat(reader: ChatReader, request: ResolvedRequest): Promise<EncodedPrompts> {
  const { prompt, negativePrompt, guidanceScale, seedConvention } = request
  const { plain } = promptLanguage(seedConvention)
  const positive = await encodeMessage(reader, plain(prompt))
  const isGuided = guidanceScale !== 1 && !reader.model.guidanceDistilled
  const negative = isGuided ? await encodeMessage(reader, plain(negativePrompt)) : { ...positive }
  const counts = [positive, negative].map(({ texts }) => texts[0].embeddings.tokens)
  return { positive: [positive], negative, tokens: Math.max(...counts), tokensVary: true }
}

async function encodeMessage(
  { model, tokenizer, chat }: ChatReader,
  prompt: string,
): Promise<ScheduledEmbeddings> {
  const ids = tokenizer.encode(chatMessage(prompt, chat)).slice(0, chat.maxTokens)
  const filling = chat.fillsUp ? Array<number>(chat.maxTokens - ids.length).fill(tokenizer.pad) : []
  const read = [...ids, ...filling]
  const { hidden } = await model.encodeText(0, read, model.clipSkip, [], ids.length)
  return {
    weight: 1,
    texts: [{ until: Infinity, embeddings: { context: hidden, tokens: read.length, pooled: null } }],
  }
}
