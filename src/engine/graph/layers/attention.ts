import { StudioError } from '../../../shared/errors.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'

/** Attention over tokens [count, width]. */

export interface AttentionOptions {
  /** Added to the scores: [1, 1, queries, keys]. */
  bias?: Value | null
  /** How many pictures the tokens are of, which stand below each other: each looks at its own alone. */
  batch?: number
}

/** Softmax(q kᵀ / √d + bias) v over heads (Vaswani et al. 2017, equation 1). Tokens in, tokens out. */
export function attention(
  g: Graph,
  q: Value,
  k: Value,
  v: Value,
  heads: number,
  { bias = null, batch = 1 }: AttentionOptions = {},
): Value {
  if (q.shape[1] % heads !== 0)
    throw new StudioError(
      'unsupported-model',
      `Attention of width ${q.shape[1]} cannot be cut into ${heads} heads.`,
    )
  if (g.dialect.attention === 'sliced') {
    if (batch === 1) return slicedAttention(g, q, k, v, heads, bias)
    const pictures = Array.from({ length: batch }, (_, picture) => {
      const own = (tokens: Value): Value => tokensOf(g, tokens, picture, batch)
      return slicedAttention(g, own(q), own(k), own(v), heads, bias)
    })
    return g.concat(pictures, 0)
  }
  const batched = (tokens: Value): Value =>
    g.reshape(tokens, [batch, tokens.shape[0] / batch, tokens.shape[1]], 1)
  return g.reshape(g.multiHeadAttention(batched(q), batched(k), batched(v), heads, bias), q.shape)
}

/** The tokens of one picture among several. */
function tokensOf(g: Graph, tokens: Value, picture: number, batch: number): Value {
  const count = tokens.shape[0] / batch
  return g.slice(tokens, 0, picture * count, (picture + 1) * count)
}

/** What keeps a token from being looked at. */
export const unseen = -10_000

/** Zero where a token may look, almost minus infinity ahead of it: [1, 1, n, n]. */
export function causalMask(g: Graph, n: number): Value {
  const mask = Array.from({ length: n * n }, (_, index) => (index % n > Math.floor(index / n) ? unseen : 0))
  return g.constant(mask, [1, 1, n, n])
}

/** Largest table of scores kept at once: below the 128 MiB that every WebGPU device can bind. */
const scoreBytes = 96 * 2 ** 20

function slicedAttention(g: Graph, q: Value, k: Value, v: Value, heads: number, bias: Value | null): Value {
  const [queries, width] = q.shape as [number, number]
  const valuesPerHead = perHead(g, v, heads, [1, 0, 2])
  const parts: Value[] = []
  for (const weights of attentionWeights(g, q, k, heads, bias)) parts.push(g.matMul(weights, valuesPerHead))
  const joined = parts.length === 1 ? parts[0] : g.concat(parts, 1)
  return g.reshape(g.transpose(joined, [1, 0, 2]), [queries, width])
}

/** Where every query looks, on the mean over heads: softmax(q kᵀ / √d), [queries, keys]. */
export function attentionMap(g: Graph, q: Value, k: Value, heads: number): Value {
  const parts: Value[] = []
  for (const weights of attentionWeights(g, q, k, heads)) parts.push(g.reduceMean(weights, [0]))
  const joined = parts.length === 1 ? parts[0] : g.concat(parts, 1)
  return g.reshape(joined, [q.shape[0], k.shape[0]], 1)
}

/** Softmax(q kᵀ / √d + bias), [heads, rows, keys], for some rows after the other. */
function* attentionWeights(
  g: Graph,
  q: Value,
  k: Value,
  heads: number,
  bias: Value | null = null,
): Generator<Value> {
  const [queries, width] = q.shape as [number, number]
  const keys = k.shape[0]
  const scaled = g.mul(q, g.constant([1 / Math.sqrt(width / heads)], [1]))
  const queriesPerHead = perHead(g, scaled, heads, [1, 0, 2])
  const keysPerHead = perHead(g, k, heads, [1, 2, 0])
  const rows = Math.max(1, Math.floor(scoreBytes / (heads * keys * 4)))
  for (let start = 0; start < queries; start += rows) {
    const end = Math.min(queries, start + rows)
    const some = end - start === queries ? queriesPerHead : g.slice(queriesPerHead, 1, start, end)
    const scores = g.matMul(some, keysPerHead)
    const biased = bias ? g.add(scores, g.slice(g.reshape(bias, [1, queries, keys]), 1, start, end)) : scores
    yield g.softmax(biased)
  }
}

/** Tokens [n, width] as [n, heads, width / heads], in another order. */
function perHead(g: Graph, tokens: Value, heads: number, order: readonly number[]): Value {
  const [count, width] = tokens.shape as [number, number]
  return g.transpose(g.reshape(tokens, [count, heads, width / heads], 0), order)
}
