import type { Graph } from '../writing/graph.ts'
import { attentionMap } from '../layers/attention.ts'
import type { Value } from '../writing/value.ts'
import { lowFrequencies } from './lowFrequencies.ts'
import type { Attention } from './unetConfig.ts'

/** What is looked at inside a U-Net, and what every run can turn in it. The networks that draw have nothing of it. */
export interface UnetLook {
  /**
   * Pictures inside of at most so many pixels tell where they look in the context: `attention.HEIGHTxWIDTH`
   * [pixels, tokens], the mean over heads and over all layers of that size. 0: none do.
   */
  attentionPixels: number
  /** The block whose answer is put out as `activation`; null: none. */
  block: string | null
  /**
   * Every skip connection has a factor (`skips`), and the first two stages of the way up have FreeU's
   * (`freeU`: b of both, s of both).
   */
  dials: boolean
}

/** A block as it runs. */
export interface UnetBlock {
  /** Its scope; with `.resnets.N`, `.attentions.N` is part of it. */
  name: string
  channels: number
  height: number
  width: number
  /** `cross`: the text enters here. */
  attention: Attention
  /** The skip connection that it begins, counted from 0 on the way down, and the one that it reads. */
  gives: number | null
  takes: number | null
}

/** Where on the way up a skip connection ends. */
interface Join {
  /** Of the skip connection. */
  index: number
  /** Of the way up, the coarsest first. */
  stage: number
}

/** Stages of the way up that FreeU works on. */
const freeUStages = 2

/** Looks into a U-Net while its graph is written. */
export class Looking {
  readonly look: UnetLook
  readonly blocks: UnetBlock[] = []
  readonly #maps = new Map<string, Value[]>()
  #dials: { skips: Value; freeU: Value } | null = null

  constructor(look: UnetLook) {
    this.look = look
  }

  block(
    g: Graph,
    name: string,
    value: Value,
    { attention = 'none', gives = null, takes = null }: Partial<UnetBlock> = {},
  ): void {
    const [, channels, height, width] = value.shape as [number, number, number, number]
    this.blocks.push({ name, channels, height, width, attention, gives, takes })
    if (name === this.look.block) g.output('activation', value)
  }

  cross(
    g: Graph,
    q: Value,
    k: Value,
    { heads, height, width }: { heads: number; height: number; width: number },
  ): void {
    if (height * width > this.look.attentionPixels) return
    const size = `${height}x${width}`
    this.#maps.set(size, [...(this.#maps.get(size) ?? []), attentionMap(g, q, k, heads)])
  }

  /** What is joined on the way up: what came from below and the skip connection, as far as the run leaves them. */
  turned(g: Graph, below: Value, skip: Value, { index, stage }: Join): [below: Value, skip: Value] {
    if (!this.look.dials) return [below, skip]
    const { skips, freeU } = (this.#dials ??= {
      skips: g.input('skips', [this.blocks.filter(({ gives }) => gives !== null).length]),
      freeU: g.input('freeU', [2 * freeUStages]),
    })
    const carried = g.mul(skip, g.slice(skips, 0, index, index + 1))
    if (stage >= freeUStages) return [below, carried]
    const b = g.slice(freeU, 0, stage, stage + 1)
    const s = g.slice(freeU, 0, freeUStages + stage, freeUStages + stage + 1)
    return [backboneScaled(g, below, b), lowFrequenciesScaled(g, carried, s)]
  }

  /** Puts out what was gathered on the way. */
  end(g: Graph): void {
    for (const [size, maps] of this.#maps) {
      const sum = maps.reduce((total, map) => g.add(total, map))
      g.output(`attention.${size}`, g.mul(sum, g.constant([1 / maps.length], [1])))
    }
  }
}

/** FreeU's equation 4 (Si et al. 2023): the first half of the channels times b. */
function backboneScaled(g: Graph, x: Value, b: Value): Value {
  const channels = x.shape[1]
  const half = Math.floor(channels / 2)
  return g.concat([g.mul(g.slice(x, 1, 0, half), b), g.slice(x, 1, half, channels)], 1)
}

/**
 * FreeU's equation 5: the lowest frequencies of every channel times s. Its authors' code scales two by two of the shifted
 * Fourier coefficients, those of frequencies -1 and 0; as so few are changed, they are projected out instead of
 * transforming all.
 */
function lowFrequenciesScaled(g: Graph, x: Value, s: Value): Value {
  const [, channels, height, width] = x.shape as [number, number, number, number]
  const { rows, data } = lowFrequencies(height, width)
  const waves = g.constant(data, [rows, height * width])
  const flat = g.reshape(x, [channels, height * width])
  const low = g.matMul(g.matMul(flat, g.transpose(waves, [1, 0])), waves)
  return g.add(x, g.mul(g.reshape(low, x.shape), g.sub(s, g.constant([1], [1]))))
}
