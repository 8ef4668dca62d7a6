import type { EngineCalls, ReadingTask } from '../../shared/engine/engineContract.ts'
import type { PromptReading } from '../../shared/calls/promptCalls.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { readEmbedding, type Embedding } from '../adapters/embeddingFile.ts'
import { stampOf } from '../model/files/fileStamps.ts'
import type { Chat } from '../model/family.ts'
import type { ModelFacts } from '../model/model.ts'
import { readModel } from '../model/openModel.ts'
import { noiseSchedule } from '../plan/noiseSchedule.ts'
import type { Route } from '../plan/route.ts'
import { planSampling } from '../plan/sampling.ts'
import { chatMessage } from './chatText.ts'
import { chunkLength } from './chunks.ts'
import { chatWords, wordsOfChunk } from './promptWords.ts'
import { promptLanguage } from './promptLanguage.ts'
import { readPrompt } from './readPrompt.ts'
import { openTokenizers } from './textEmbeddings.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Texts that are told word by word; of alternation at every step there may be many more. */
const mostTexts = 8

interface Source {
  facts: ModelFacts
  tokenizers: readonly Tokenizer[]
}

/** Makes the call that reads prompts while they are written: the last model's headers and tokenizers are kept for it. */
export function promptReader(): EngineCalls['readPrompts'] {
  let kept: { key: string; source: Promise<Source> } | null = null
  return async (task) => {
    const { cleaning } = promptLanguage(task.request.seedConvention)
    const key = `${cleaning} ${await stampOf(task.modelPath)}`
    if (kept?.key !== key) {
      const source = readModel(task.modelPath).then(async ({ facts }) => ({
        facts,
        tokenizers: await openTokenizers(facts, cleaning),
      }))
      const own = (kept = { key, source })
      source.catch(() => kept === own && (kept = null))
    }
    return readings(task, await kept.source)
  }
}

async function readings({ request, embeddings }: ReadingTask, { facts, tokenizers }: Source) {
  const plan = planSampling(request, { ...facts, noiseSchedule: noiseSchedule(facts.noiseSchedule) })
  const read = (prompt: string, negative: boolean): PromptReading => {
    if (tokenizers.length === 0) return { texts: [], tokens: 0, chunkTokens: null, limit: null }
    if (facts.family.chat) return readMessage(prompt, request, facts.family.chat, tokenizers[0])
    return readInChunks(prompt, { negative, request, tokenizers, embeddings: known, plan })
  }
  const widths = facts.textEncoders.map(({ width }) => width)
  const opened = embeddings.map((one) => readEmbedding(one, widths, facts.info.family).catch(() => null))
  const known = (await Promise.all(opened)).filter((embedding) => embedding !== null)
  return {
    prompt: read(request.prompt, false),
    negativePrompt: read(request.negativePrompt, true),
    sigmas: [...plan.sigmas],
    begins: request.initImage ? beginning(plan) : null,
  }
}

/** The weights of a picture and of noise in the first x, asked of the route itself. */
function beginning({ start }: Pick<Route, 'start'>): { picture: number; noise: number } {
  const [one, none] = [Float32Array.of(1), Float32Array.of(0)]
  return { picture: start(none, one)[0], noise: start(one, none)[0] }
}

interface ChunkReader {
  negative: boolean
  request: ResolvedRequest
  tokenizers: readonly Tokenizer[]
  embeddings: readonly Embedding[]
  plan: { evaluations: number }
}

function readInChunks(
  prompt: string,
  { negative, request, tokenizers, embeddings, plan }: ChunkReader,
): PromptReading {
  const [tokenizer] = tokenizers
  const language = promptLanguage(request.seedConvention)
  const { evaluations } = plan
  // All encoders of a model have the same vocabulary.
  const reader = {
    model: { embeddings },
    tokenizers: [tokenizer],
    language,
    evaluations,
    evaluationsBefore: 0,
  }
  const said = new Map(
    readPrompt(reader, prompt, null, negative).flatMap(({ texts }) =>
      texts.map((text) => [text.said[0], text.chunks[0]] as const),
    ),
  )
  const texts = [...said.values()].map((chunks) =>
    chunks.map((chunk) => wordsOfChunk(chunk, tokenizer, embeddings)),
  )
  const counted = texts.map((chunks) => ({ chunks, tokens: countPieces(chunks) }))
  counted.sort((one, other) => other.tokens - one.tokens)
  return {
    texts: counted.slice(0, mostTexts).map(({ chunks }) => chunks),
    tokens: counted[0].tokens,
    chunkTokens: chunkLength,
    limit: null,
  }
}

const countPieces = (chunks: PromptReading['texts'][number]): number =>
  chunks.flat().reduce((sum, { pieces }) => sum + pieces.length, 0)

/** What the template of a message says counts too. */
function readMessage(
  prompt: string,
  { seedConvention }: ResolvedRequest,
  chat: Chat,
  tokenizer: Tokenizer,
): PromptReading {
  const ids = tokenizer.encode(promptLanguage(seedConvention).plain(prompt))
  const limit = chat.maxTokens - tokenizer.encode(chatMessage('', chat)).length
  return { texts: [[chatWords(ids, tokenizer)]], tokens: ids.length, chunkTokens: null, limit }
}
