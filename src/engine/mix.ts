import type { Mix } from '../shared/engine/engineLooks.ts'
import { StudioError } from '../shared/errors.ts'
import { lerp, slerp } from '../shared/interpolation.ts'
import type { ResolvedRequest } from '../shared/request/request.ts'
import {
  embeddingsAt,
  levelTokens,
  type EncodedPrompts,
  type ScheduledEmbeddings,
  type TextEmbeddings,
} from './text/textEmbeddings.ts'

/** Another request's noise and texts mixed into a run. Where nothing of them is, the run is its own to the last digit. */

/** The noise a run begins with, of variance one like both. */
export const mixedNoise = (
  mix: Mix | undefined,
  own: Float32Array,
  noiseOf: (request: ResolvedRequest) => Float32Array,
): Float32Array => (mix && mix.noise !== 0 ? slerp(own, noiseOf(mix.request), mix.noise) : own)

/**
 * What a run reads. Throws `bad-request` where two texts have not the same form, `unsupported-model` where none is read.
 */
export async function mixedPrompts(
  mix: Mix | undefined,
  request: ResolvedRequest,
  encode: (request: ResolvedRequest) => Promise<EncodedPrompts>,
): Promise<EncodedPrompts> {
  const own = await encode(request)
  return mix && mix.text !== 0 ? between(own, await encode(mix.request), mix.text) : own
}

function between(own: EncodedPrompts, other: EncodedPrompts, share: number): EncodedPrompts {
  const [ours, theirs] = [own, other].map(({ negative, positive }) => [negative, ...positive])
  if (ours.length !== theirs.length)
    throw new StudioError(
      'bad-request',
      `Texts are mixed part by part, and one is joined of ${ours.length - 1} parts by AND, the other of ${theirs.length - 1}. Choose pictures whose prompts have as many parts.`,
    )
  const together = [...ours, ...theirs]
  const varies = own.tokensVary || other.tokensVary
  const level = varies
    ? { prompts: together, tokens: Math.max(own.tokens, other.tokens), tokensVary: true }
    : levelTokens(together)
  const [negative, ...positive] = ours.map((_, i) =>
    promptBetween(level.prompts[i], level.prompts[ours.length + i], share),
  )
  return { negative, positive, tokens: level.tokens, tokensVary: level.tokensVary }
}

/** Each stretch of evaluations over which neither says something else. */
function promptBetween(a: ScheduledEmbeddings, b: ScheduledEmbeddings, share: number): ScheduledEmbeddings {
  const ends = [...new Set([...a.texts, ...b.texts].map(({ until }) => until))].sort((p, q) => p - q)
  return {
    weight: (1 - share) * a.weight + share * b.weight,
    texts: ends.map((until) => ({
      until,
      embeddings: textBetween(embeddingsAt(a, until - 1), embeddingsAt(b, until - 1), share),
    })),
  }
}

function textBetween(a: TextEmbeddings, b: TextEmbeddings, share: number): TextEmbeddings {
  if (!a.context)
    throw new StudioError(
      'unsupported-model',
      'This model reads no text, so there is none to mix. Mix noise or latents, or choose a picture of another model.',
    )
  if (a.tokens !== b.tokens)
    throw new StudioError(
      'bad-request',
      `Texts are mixed token by token, and this model reads one as ${a.tokens} tokens, the other as ${b.tokens}. Choose prompts of the same length, or mix noise or latents.`,
    )
  const mixed = (p: Float32Array | null, q: Float32Array | null) => p && q && lerp(p, q, share)
  return { context: mixed(a.context, b.context), tokens: a.tokens, pooled: mixed(a.pooled, b.pooled) }
}
