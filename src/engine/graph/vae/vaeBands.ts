import type { VaeConfig } from './vaeConfig.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { conv2d, silu } from '../layers/layers.ts'

/**
 * The fine levels of the autoencoder one convolution at a time, so that each can be computed in bands of rows: a
 * convolution needs one row more on either side, and group normalisation (Wu and He 2018) needs two numbers a group
 * of the whole picture, which the step before it sums. The answer is that of the whole in one piece.
 */
export interface BandStep {
  /** Scope of the group norm (with SiLU) that comes first; null where there is none. */
  norm: string | null
  conv: string
  inputs: number
  outputs: number
  /** Twice as many rows and columns before the convolution, or half as many after it. */
  resample: 'keep' | 'up' | 'down'
  /** Its input is kept for the step after, or what the step before kept is added to its output. */
  residual: 'keeps' | 'adds' | null
  /** Scope of the 1×1 convolution that what is added goes through, and its channels. */
  shortcut: { scope: string; inputs: number } | null
}

const plain = { norm: null, resample: 'keep', residual: null, shortcut: null } as const

/** What follows on the coarsest `from` levels of the decoder, to the picture. */
export function decoderBands(config: VaeConfig, from: number): BandStep[] {
  const channels = config.channels.toReversed()
  const steps: BandStep[] = []
  for (let level = from; level < channels.length; level++) {
    const before = channels[level - 1]
    const conv = `decoder.up_blocks.${level - 1}.upsamplers.0.conv`
    steps.push({ ...plain, conv, inputs: before, outputs: before, resample: 'up' })
    for (let layer = 0; layer <= config.layersPerBlock; layer++) {
      const scope = `decoder.up_blocks.${level}.resnets.${layer}`
      steps.push(...resnetSteps(scope, layer === 0 ? before : channels[level], channels[level]))
    }
  }
  const last = { inputs: channels.at(-1)!, outputs: config.pictureChannels }
  return [...steps, { ...plain, norm: 'decoder.conv_norm_out', conv: 'decoder.conv_out', ...last }]
}

/** The encoder from the picture to what its level `to` reads, 0 the finest. */
export function encoderBands(config: VaeConfig, to: number): BandStep[] {
  const { channels, pictureChannels } = config
  const first = { conv: 'encoder.conv_in', inputs: pictureChannels, outputs: channels[0] }
  const steps: BandStep[] = [{ ...plain, ...first }]
  for (let level = 0; level < to; level++) {
    const block = `encoder.down_blocks.${level}`
    const outputs = channels[level]
    for (let layer = 0; layer < config.layersPerBlock; layer++) {
      const inputs = layer === 0 ? channels[Math.max(0, level - 1)] : outputs
      steps.push(...resnetSteps(`${block}.resnets.${layer}`, inputs, outputs))
    }
    const conv = `${block}.downsamplers.0.conv`
    steps.push({ ...plain, conv, inputs: outputs, outputs, resample: 'down' })
  }
  return steps
}

function resnetSteps(scope: string, inputs: number, outputs: number): BandStep[] {
  const shortcut = inputs === outputs ? null : { scope: `${scope}.conv_shortcut`, inputs }
  const first = { norm: `${scope}.norm1`, conv: `${scope}.conv1`, inputs, outputs }
  const second = { norm: `${scope}.norm2`, conv: `${scope}.conv2`, inputs: outputs, outputs, shortcut }
  return [
    { ...plain, ...first, residual: 'keeps' },
    { ...plain, ...second, residual: 'adds' },
  ]
}

/** The rows of the input that `rows` of the output, from `top` on, need; those outside of the picture are zeros. */
export function rowsRead({ resample }: BandStep, top: number, rows: number): { from: number; count: number } {
  if (resample === 'up') return { from: top / 2 - 1, count: rows / 2 + 2 }
  return resample === 'down' ? { from: 2 * top, count: 2 * rows + 1 } : { from: top - 1, count: rows + 2 }
}

/**
 * One step over a band of `rows` × `width` of its output. Inputs: `x`, the rows read; `inside` [rows read, 1], 0 for rows
 * outside of the picture and else 1; before a norm `mean` and `inverse` (of the standard deviation), a channel each;
 * `block`, what is added. Outputs: `y`, and the `means` and `squares` (summed) of its channels.
 */
export function writeBandStep(root: Graph, step: BandStep, rows: number, width: number): void {
  const { inputs, outputs, resample, shortcut } = step
  const read = rowsRead(step, 0, rows).count
  const readWidth = resample === 'up' ? width / 2 : resample === 'down' ? width * 2 : width
  const x = root.input('x', [1, inputs, read, readWidth])
  const active = step.norm === null ? x : silu(root, normalised(root, root.scope(step.norm), x))
  let h = root.mul(active, root.input('inside', [read, 1]))
  if (resample === 'up') h = root.slice(root.resize(h, 2 * read, width), 2, 1, 2 * read - 1)
  const options = resample === 'down' ? { stride: 2, pads: [0, 0, 0, 1] } : { pads: [0, 1, 0, 1] }
  let y = conv2d(root.scope(step.conv), h, outputs, options)
  if (step.residual === 'adds') {
    const block = root.input('block', [1, shortcut?.inputs ?? outputs, rows, width])
    const added = shortcut ? conv2d(root.scope(shortcut.scope), block, outputs, { kernel: 1 }) : block
    y = root.add(added, y)
  }
  root.output('y', y)
  root.output('means', root.overChannels('ReduceMean', y))
  root.output('squares', root.overChannels('ReduceSumSquare', y))
}

/** Group normalisation with statistics from outside. */
function normalised(root: Graph, norm: Graph, x: Value): Value {
  const channels = x.shape[1]
  const perChannel = [channels, 1, 1] as const
  const weight = norm.weight('weight', [channels], perChannel)
  const scale = norm.mul(root.input('inverse', perChannel), weight)
  const shift = norm.mul(norm.mul(root.input('mean', perChannel), scale), root.constant([-1], [1]))
  return norm.add(norm.mul(x, scale), norm.add(shift, norm.weight('bias', [channels], perChannel)))
}
