import type { Graph } from '../writing/graph.ts'
import { attention, causalMask } from '../layers/attention.ts'
import { headNorm, linear, rmsNorm, silu } from '../layers/layers.ts'
import { rotary, turned, type Rotary } from '../layers/rotary.ts'
import type { Value } from '../writing/value.ts'
import type { Qwen3Config } from './qwen3Config.ts'

/** Which hidden states are read, side by side: 0 the embeddings, that of the last layer behind the final norm. */
export interface Reading {
  count: number
  states: readonly number[]
}

/**
 * Qwen3 (Yang et al. 2025, section 2; transformers Qwen3Model) as a reader of `count` tokens. Inputs: `tokens` int32
 * [count], `unseen` [1, 1, 1, count], far below 0 for tokens that only fill up and that none looks at. Output: `hidden`
 * [count, width times the number of states].
 */
export function qwen3(root: Graph, config: Qwen3Config, { count, states }: Reading): void {
  const g = root.scope('model')
  const { vocabSize, width, layers, headWidth, epsilon, ropeTheta } = config
  const rows = root.indices('tokens', count)
  let x = g.gatherWeight('embed_tokens.weight', [vocabSize, width], rows)
  const positions = Array.from({ length: count }, (_, i) => [i])
  const angles = rotary(root, positions, [headWidth], ropeTheta)
  const mask = root.add(causalMask(root, count), root.input('unseen', [1, 1, 1, count]))
  const found = [x]
  while (found.length <= Math.max(...states)) {
    const layer = found.length - 1
    x = decoderLayer(g.scope('layers').scope(layer), x, { angles, mask }, config)
    found.push(found.length === layers ? rmsNorm(g.scope('norm'), x, epsilon) : x)
  }
  const read = states.map((state) => found[state])
  root.output('hidden', read.length === 1 ? read[0] : root.concat(read, 1))
}

function decoderLayer(
  g: Graph,
  x: Value,
  { angles, mask }: { angles: Rotary; mask: Value },
  { width, innerWidth, heads, keyHeads, headWidth, epsilon }: Qwen3Config,
): Value {
  const a = g.scope('self_attn')
  const project = (name: string, input: Value, outputs: number): Value =>
    linear(a.scope(name), input, outputs, { bias: false })
  const normal = rmsNorm(g.scope('input_layernorm'), x, epsilon)
  const q = headNorm(a.scope('q_norm'), project('q_proj', normal, heads * headWidth), heads, epsilon)
  const k = headNorm(a.scope('k_norm'), project('k_proj', normal, keyHeads * headWidth), keyHeads, epsilon)
  const v = project('v_proj', normal, keyHeads * headWidth)
  const attended = attention(
    g,
    turned(g, q, angles, 'halves'),
    repeatHeads(g, turned(g, k, angles, 'halves'), keyHeads, heads),
    repeatHeads(g, v, keyHeads, heads),
    heads,
    { bias: mask },
  )
  const middle = g.add(x, project('o_proj', attended, width))
  const m = g.scope('mlp')
  const inner = rmsNorm(g.scope('post_attention_layernorm'), middle, epsilon)
  const gate = silu(g, linear(m.scope('gate_proj'), inner, innerWidth, { bias: false }))
  const up = linear(m.scope('up_proj'), inner, innerWidth, { bias: false })
  return g.add(middle, linear(m.scope('down_proj'), g.mul(gate, up), width, { bias: false }))
}

/** Every head of the keys, or of the values, as often as it serves one of the queries (Ainslie et al. 2023). */
function repeatHeads(g: Graph, x: Value, keyHeads: number, heads: number): Value {
  if (keyHeads === heads) return x
  const [count, width] = x.shape as [number, number]
  const [times, headWidth] = [heads / keyHeads, width / keyHeads]
  const ones = g.constant(Array<number>(times).fill(1), [1, 1, times, 1])
  const repeated = g.mul(g.reshape(x, [count, keyHeads, 1, headWidth]), ones)
  return g.reshape(repeated, [count, heads * headWidth])
}
