import { StudioError } from '../../../shared/errors.ts'
import type { ClipTextConfig } from './clipTextConfig.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { attention, causalMask } from '../layers/attention.ts'
import { layerNorm, linear, quickGelu } from '../layers/layers.ts'

/**
 * CLIP's text transformer for one window of tokens (Radford et al. 2021; transformers CLIPTextModel).
 * Inputs: `tokens` int32 [window]; `kept` [window, 1], 1 where the token's own embedding stands and 0 where a row of
 * `vectors` [window, width] does; with `pooled` also `end` int32 [1], where the first end-of-text stands.
 * Outputs: `hidden` [window, width], the hidden state `skip` from the end (1 = last), normalised if asked;
 * `pooled` [1, projection], the normalised last state at `end`, projected.
 */
export function clipText(
  root: Graph,
  config: ClipTextConfig,
  { skip, normalised, pooled }: { skip: number; normalised: boolean; pooled: boolean },
): void {
  const g = root.scope('text_model')
  const { width, maxTokens, layers } = config
  if (maxTokens > 1024)
    throw new StudioError(
      'unsupported-model',
      `A text encoder for ${maxTokens} tokens is larger than any published one.`,
    )
  const rows = root.indices('tokens', maxTokens)
  const table = g.gatherWeight('embeddings.token_embedding.weight', [config.vocabSize, width], rows)
  const kept = g.mul(table, root.input('kept', [maxTokens, 1]))
  const words = g.add(kept, root.input('vectors', [maxTokens, width]))
  const states = [g.add(words, g.weight('embeddings.position_embedding.weight', [maxTokens, width]))]
  const causal = causalMask(root, maxTokens)
  const depth = layers + 1 - skip
  for (let layer = 0; layer < (pooled ? layers : depth); layer++)
    states.push(encoderLayer(g.scope('encoder.layers').scope(layer), states[layer], causal, config))
  const norm = (state: Value): Value => layerNorm(g.scope('final_layer_norm'), state, config.epsilon)
  root.output('hidden', normalised ? norm(states[depth]) : states[depth])
  if (!pooled) return
  const end = root.gather(norm(states[layers]), root.indices('end', 1))
  const projected =
    config.projection === null
      ? end
      : linear(root.scope('text_projection'), end, config.projection, { bias: false })
  root.output('pooled', projected)
}

function encoderLayer(g: Graph, x: Value, causal: Value, config: ClipTextConfig): Value {
  const { width, epsilon, heads } = config
  const a = g.scope('self_attn')
  const normal = layerNorm(g.scope('layer_norm1'), x, epsilon)
  const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((name) => linear(a.scope(name), normal, width)) as [
    Value,
    Value,
    Value,
  ]
  const attended = linear(a.scope('out_proj'), attention(g, q, k, v, heads, { bias: causal }), width)
  const middle = g.add(x, attended)
  const inner = linear(
    g.scope('mlp.fc1'),
    layerNorm(g.scope('layer_norm2'), middle, epsilon),
    config.innerWidth,
  )
  const active = config.activation === 'quick_gelu' ? quickGelu(g, inner) : g.gelu(inner)
  return g.add(middle, linear(g.scope('mlp.fc2'), active, width))
}
