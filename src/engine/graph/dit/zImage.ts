import type { Graph } from '../writing/graph.ts'
import { attention } from '../layers/attention.ts'
import { headNorm, linear, plainNorm, rmsNorm, silu } from '../layers/layers.ts'
import { rotary, turned, type Rotary } from '../layers/rotary.ts'
import type { Value } from '../writing/value.ts'
import type { ZImageConfig } from './zImageConfig.ts'

/** Sizes of a picture in tokens, of two by two latents each, and of the text: real tokens filled up to `text`. */
export interface ZImageSize {
  rows: number
  columns: number
  /** A multiple of 32. */
  text: number
}

/** Numbers of the sinusoidal embedding of the time. */
export const timeWidth = 256

/** Both sequences are filled up to multiples of this. */
export const filledUp = (count: number): number => Math.ceil(count / 32) * 32

/**
 * Z-Image's transformer (arXiv 2511.22699; diffusers ZImageTransformer2DModel): picture and text are refined apart, then
 * go through the layers side by side. Inputs: `sample` [tokens, 4 · channels], `time` [1, 256], `context` [text, width of
 * the text], `isText` [text, 1], 0 where a token only fills up. Output: `prediction` as the sample: minus the velocity.
 */
export function zImage(g: Graph, config: ZImageConfig, { rows, columns, text }: ZImageSize): void {
  const { width, layers, refinerLayers, epsilon, textWidth, channels } = config
  const tokens = rows * columns
  const filled = filledUp(tokens)
  const time = timeEmbedding(g, config)
  const sample = g.input('sample', [tokens, 4 * channels])
  let picture = linear(g.scope('all_x_embedder.2-1'), sample, width, { exact: true })
  if (filled > tokens) picture = g.concat([picture, repeated(g, 'x_pad_token', filled - tokens, width)], 0)
  const context = rmsNorm(g.scope('cap_embedder.0'), g.input('context', [text, textWidth]), epsilon)
  let words = withFilling(g, linear(g.scope('cap_embedder.1'), context, width, { exact: true }), width)
  const places = positions({ rows, columns, text }, filled)
  const angles = (which: readonly (readonly number[])[]): Rotary =>
    rotary(g, which, config.axes, config.ropeTheta)
  const [ofPicture, ofWords] = [angles(places.picture), angles(places.words)]
  for (let layer = 0; layer < refinerLayers; layer++) {
    picture = block(g.scope('noise_refiner').scope(layer), picture, time, ofPicture, config)
    words = block(g.scope('context_refiner').scope(layer), words, null, ofWords, config)
  }
  let x = g.concat([picture, words], 0)
  const ofAll = angles([...places.picture, ...places.words])
  for (let layer = 0; layer < layers; layer++)
    x = block(g.scope('layers').scope(layer), x, time, ofAll, config)
  g.output('prediction', finalLayer(g.scope('all_final_layer.2-1'), g.slice(x, 0, 0, tokens), time, config))
}

/** Text from 1 on, its filling too; the picture behind it, by rows and columns; the picture's filling at 0. */
function positions({ rows, columns, text }: ZImageSize, filled: number) {
  const words = Array.from({ length: text }, (_, i) => [1 + i, 0, 0])
  const picture = Array.from({ length: filled }, (_, i) =>
    i < rows * columns ? [text + 1, Math.floor(i / columns), i % columns] : [0, 0, 0],
  )
  return { words, picture }
}

function timeEmbedding(g: Graph, { width }: ZImageConfig): Value {
  const t = g.scope('t_embedder.mlp')
  const inner = silu(g, linear(t.scope(0), g.input('time', [1, timeWidth]), 1024))
  return linear(t.scope(2), inner, Math.min(width, timeWidth))
}

/** A learnt token, `count` times. */
const repeated = (g: Graph, name: string, count: number, width: number): Value =>
  g.mul(g.constant(Array<number>(count).fill(1), [count, 1]), g.weight(name, [1, width]))

/** The learnt token in place of those that only fill up. */
function withFilling(g: Graph, words: Value, width: number): Value {
  const isText = g.input('isText', [words.shape[0], 1])
  const isFilling = g.sub(g.constant([1], [1]), isText)
  return g.add(g.mul(words, isText), g.mul(isFilling, g.weight('cap_pad_token', [1, width])))
}

/** Norms before and behind attention and feed-forward; with `time`, scaled before and gated behind. */
function block(g: Graph, x: Value, time: Value | null, angles: Rotary, config: ZImageConfig): Value {
  const { width, heads, epsilon } = config
  const modulation = time && linear(g.scope('adaLN_modulation.0'), time, 4 * width)
  const part = (index: number): Value | null =>
    modulation && g.slice(modulation, 1, index * width, (index + 1) * width)
  const norm = (name: string, value: Value): Value => rmsNorm(g.scope(name), value, epsilon)
  const scaled = (value: Value, by: Value | null): Value =>
    by ? g.mul(value, g.add(by, g.constant([1], [1]))) : value
  const gated = (value: Value, by: Value | null): Value => (by ? g.mul(value, g.tanh(by)) : value)

  const a = g.scope('attention')
  const seen = scaled(norm('attention_norm1', x), part(0))
  const project = (name: string): Value => linear(a.scope(name), seen, width, { bias: false })
  const turn = (name: string, of: string): Value =>
    turned(g, headNorm(a.scope(name), project(of), heads, epsilon), angles, 'neighbours')
  const attended = attention(g, turn('norm_q', 'to_q'), turn('norm_k', 'to_k'), project('to_v'), heads)
  const out = linear(a.scope('to_out.0'), attended, width, { bias: false })
  const middle = g.add(x, gated(norm('attention_norm2', out), part(1)))

  const f = g.scope('feed_forward')
  const innerWidth = Math.trunc((width / 3) * 8)
  const read = scaled(norm('ffn_norm1', middle), part(2))
  const active = silu(g, linear(f.scope('w1'), read, innerWidth, { bias: false }))
  const inner = g.mul(active, linear(f.scope('w3'), read, innerWidth, { bias: false }))
  const fed = linear(f.scope('w2'), inner, width, { bias: false })
  return g.add(middle, gated(norm('ffn_norm2', fed), part(3)))
}

function finalLayer(g: Graph, x: Value, time: Value, { width, channels }: ZImageConfig): Value {
  const scale = g.add(linear(g.scope('adaLN_modulation.1'), silu(g, time), width), g.constant([1], [1]))
  return linear(g.scope('linear'), g.mul(plainNorm(g, x, 1e-6), scale), 4 * channels, { exact: true })
}
