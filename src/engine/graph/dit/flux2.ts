import type { Graph } from '../writing/graph.ts'
import { attention } from '../layers/attention.ts'
import { headNorm, linear, plainNorm, silu } from '../layers/layers.ts'
import { rotary, turned, type Rotary } from '../layers/rotary.ts'
import type { Value } from '../writing/value.ts'
import type { Flux2Config } from './flux2Config.ts'

/** A picture in tokens, one a patch. */
export interface TokenGrid {
  rows: number
  columns: number
}

export interface Flux2Size extends TokenGrid {
  /** Tokens of the text, with those that only fill up. */
  text: number
  /** Pictures that are looked at besides. */
  references: readonly TokenGrid[]
}

const area = ({ rows, columns }: TokenGrid): number => rows * columns

/**
 * FLUX.2's transformer (diffusers Flux2Transformer2DModel): picture and text side by side, first with weights of their
 * own, then with the same ones. Inputs: `sample` [tokens of the picture, then of each reference, channels], `time`
 * [1, timeWidth], `context` [text, textWidth]. Output: `prediction` [tokens of the picture, channels], the velocity.
 */
export function flux2(g: Graph, config: Flux2Config, size: Flux2Size): void {
  const { width, channels, textWidth, doubleBlocks, singleBlocks } = config
  const { text, references } = size
  const tokens = [size, ...references].reduce((sum, grid) => sum + area(grid), 0)
  const modulations = timeModulations(g, config)
  const sample = g.input('sample', [tokens, channels])
  const context = g.input('context', [text, textWidth])
  let picture = linear(g.scope('x_embedder'), sample, width, { bias: false, exact: true })
  let words = linear(g.scope('context_embedder'), context, width, { bias: false, exact: true })
  const angles = rotary(g, positions(size), config.axes, config.ropeTheta)
  for (let block = 0; block < doubleBlocks; block++)
    ({ picture, words } = doubleBlock(
      g.scope('transformer_blocks').scope(block),
      { picture, words },
      modulations,
      {
        angles,
        config,
      },
    ))
  let x = g.concat([words, picture], 0)
  const { single } = modulations
  for (let block = 0; block < singleBlocks; block++)
    x = singleBlock(g.scope('single_transformer_blocks').scope(block), x, single, { angles, config })
  const drawn = g.slice(x, 0, text, text + area(size))
  g.output('prediction', finalLayer(g, drawn, modulations.time, config))
}

/** Words by their place; every picture by rows and columns, the references ten apart on an axis of their own. */
function positions({ text, references, ...picture }: Flux2Size): number[][] {
  const words = Array.from({ length: text }, (_, i) => [0, 0, 0, i])
  const places = (grid: TokenGrid, index: number): number[][] =>
    Array.from({ length: area(grid) }, (_, i) => [
      10 * index,
      Math.floor(i / grid.columns),
      i % grid.columns,
      0,
    ])
  return [...words, ...[picture, ...references].flatMap(places)]
}

/** What the time does to every block of a kind: three numbers a channel for each of its two or one parts. */
interface Modulations {
  /** Through its SiLU. */
  time: Value
  picture: Modulation[]
  words: Modulation[]
  single: Modulation
}

interface Modulation {
  shift: Value
  scale: Value
  gate: Value
}

function timeModulations(g: Graph, { width, timeWidth }: Flux2Config): Modulations {
  const t = g.scope('time_guidance_embed.timestep_embedder')
  const sinusoids = g.input('time', [1, timeWidth])
  const inner = silu(g, linear(t.scope('linear_1'), sinusoids, width, { bias: false }))
  const time = silu(g, linear(t.scope('linear_2'), inner, width, { bias: false }))
  const modulation = (name: string, parts: number): Modulation[] => {
    const all = linear(g.scope(name).scope('linear'), time, 3 * parts * width, { bias: false })
    const part = (index: number): Value => g.slice(all, 1, index * width, (index + 1) * width)
    return Array.from({ length: parts }, (_, i) => ({
      shift: part(3 * i),
      scale: part(3 * i + 1),
      gate: part(3 * i + 2),
    }))
  }
  return {
    time,
    picture: modulation('double_stream_modulation_img', 2),
    words: modulation('double_stream_modulation_txt', 2),
    single: modulation('single_stream_modulation', 1)[0],
  }
}

const modulated = (g: Graph, x: Value, { shift, scale }: Omit<Modulation, 'gate'>, epsilon: number): Value =>
  g.add(g.mul(plainNorm(g, x, epsilon), g.add(scale, g.constant([1], [1]))), shift)

interface Streams {
  picture: Value
  words: Value
}

interface Place {
  angles: Rotary
  config: Flux2Config
}

/** Words and picture attend to each other, words first, and are fed forward apart (Esser et al. 2024, figure 2b). */
function doubleBlock(
  g: Graph,
  { picture, words }: Streams,
  modulations: Pick<Modulations, keyof Streams>,
  { angles, config }: Place,
): Streams {
  const { width, heads, epsilon } = config
  const a = g.scope('attn')
  const streams = [
    { x: words, names: ['add_q_proj', 'add_k_proj', 'add_v_proj', 'norm_added_q', 'norm_added_k'] },
    { x: picture, names: ['to_q', 'to_k', 'to_v', 'norm_q', 'norm_k'] },
  ] as const
  const [ofWords, ofPicture] = streams.map(({ x, names: [q, k, v, normQ, normK] }, i) => {
    const seen = modulated(g, x, [modulations.words, modulations.picture][i][0], epsilon)
    const project = (name: string): Value => linear(a.scope(name), seen, width, { bias: false })
    return {
      q: headNorm(a.scope(normQ), project(q), heads, epsilon),
      k: headNorm(a.scope(normK), project(k), heads, epsilon),
      v: project(v),
    }
  })
  const both = (part: 'q' | 'k' | 'v'): Value => g.concat([ofWords[part], ofPicture[part]], 0)
  const [q, k] = [both('q'), both('k')].map((x) => turned(g, x, angles, 'neighbours'))
  const attended = attention(g, q, k, both('v'), heads)
  const [text, all] = [words.shape[0], attended.shape[0]]
  const after = (
    x: Value,
    name: string,
    [from, to]: [number, number],
    [first, second]: Modulation[],
    feed: string,
  ) => {
    const out = linear(a.scope(name), g.slice(attended, 0, from, to), width, { bias: false })
    const middle = g.add(x, g.mul(first.gate, out))
    const fed = feedForward(g.scope(feed), modulated(g, middle, second, epsilon), config)
    return g.add(middle, g.mul(second.gate, fed))
  }
  return {
    words: after(words, 'to_add_out', [0, text], modulations.words, 'ff_context'),
    picture: after(picture, 'to_out.0', [text, all], modulations.picture, 'ff'),
  }
}

/** SwiGLU (Shazeer 2020), both halves in one layer. */
function feedForward(g: Graph, x: Value, { width, innerWidth }: Flux2Config): Value {
  const both = linear(g.scope('linear_in'), x, 2 * innerWidth, { bias: false })
  return linear(g.scope('linear_out'), gatedLinear(g, both, innerWidth), width, { bias: false })
}

/** silu(a) · b of two halves. */
const gatedLinear = (g: Graph, both: Value, width: number): Value =>
  g.mul(silu(g, g.slice(both, 1, 0, width)), g.slice(both, 1, width, 2 * width))

/** Attention and feed-forward beside each other, in one layer before and one behind (Dehghani et al. 2023, section 2). */
function singleBlock(g: Graph, x: Value, modulation: Modulation, { angles, config }: Place): Value {
  const { width, innerWidth, heads, epsilon } = config
  const a = g.scope('attn')
  const seen = modulated(g, x, modulation, epsilon)
  const projected = linear(a.scope('to_qkv_mlp_proj'), seen, 3 * width + 2 * innerWidth, { bias: false })
  const part = (index: number): Value => g.slice(projected, 1, index * width, (index + 1) * width)
  const turn = (name: string, value: Value): Value =>
    turned(g, headNorm(a.scope(name), value, heads, epsilon), angles, 'neighbours')
  const attended = attention(g, turn('norm_q', part(0)), turn('norm_k', part(1)), part(2), heads)
  const fed = gatedLinear(g, g.slice(projected, 1, 3 * width, 3 * width + 2 * innerWidth), innerWidth)
  const out = linear(a.scope('to_out'), g.concat([attended, fed], 1), width, { bias: false })
  return g.add(x, g.mul(modulation.gate, out))
}

function finalLayer(g: Graph, x: Value, time: Value, { width, channels, epsilon }: Flux2Config): Value {
  const norm = g.scope('norm_out.linear')
  const both = linear(norm, time, 2 * width, { bias: false })
  const halves = [g.slice(both, 1, 0, width), g.slice(both, 1, width, 2 * width)]
  const [scale, shift] = norm.isSwapped('weight') ? halves.toReversed() : halves
  const y = modulated(g, x, { shift, scale }, epsilon)
  return linear(g.scope('proj_out'), y, channels, { bias: false, exact: true })
}
