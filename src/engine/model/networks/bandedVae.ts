import { writeBandStep, rowsRead, type BandStep } from '../../graph/vae/vaeBands.ts'
import type { Graph } from '../../graph/writing/graph.ts'
import { joined, letGoAbove, oneBand, readRows, rowsPerBand, type RowBands } from '../../picture/rowBands.ts'
import type { BeforePart } from '../../picture/tiles.ts'
import type { Input, Session } from '../runtime/session.ts'

/** Bytes of a step's largest input or output that are worked on at once. */
export const bandBytes = 2 ** 24

/** How the steps of a banded autoencoder are opened, and the numbers of its group norms. */
export interface BandedVae {
  groups: number
  epsilon: number
  open(write: (graph: Graph) => void): Promise<Session>
}

/** What group norms need of a picture: the mean and the inverse standard deviation, one entry a channel. */
interface Statistics {
  mean: Float32Array
  inverse: Float32Array
}

/**
 * Runs steps over `picture`, [channels, height, width], one band of rows after the other, and answers the last one's
 * output in the same form. What no later band reads is let go as it is read, `picture` included. `before` is told of
 * each band, of all bands of all steps, and may throw.
 */
export async function runInBands(
  vae: BandedVae,
  steps: readonly BandStep[],
  picture: { data: Float32Array; height: number; width: number },
  before: BeforePart,
): Promise<Float32Array> {
  const walks = planWalks(steps, picture)
  const parts = walks.reduce((sum, { height, rows }) => sum + height / rows, 0)
  let done = 0
  let x = oneBand(picture.data, steps[0].inputs, picture.height, picture.width)
  let block: RowBands | null = null
  let sums: ChannelSums | null = null
  for (const walk of walks) {
    const { norm, residual } = walk.step
    const statistics = norm !== null && sums ? sums.statistics(vae) : null
    const read = { x, block: residual === 'adds' ? block : null, statistics }
    const stepped = await runStep(vae, walk, read, () => before(done++, parts))
    if (residual === 'keeps') block = x
    if (residual === 'adds') block = null
    x = stepped.y
    sums = stepped.sums
  }
  return joined(x)
}

/** A step, the size of its output, and how many rows of it are made at once. */
export interface Walk {
  step: BandStep
  height: number
  width: number
  rows: number
}

export function planWalks(
  steps: readonly BandStep[],
  { height, width }: { height: number; width: number },
): Walk[] {
  const scales = { keep: 1, up: 2, down: 0.5 }
  let size = { height, width }
  return steps.map((step) => {
    const scale = scales[step.resample]
    size = { height: size.height * scale, width: size.width * scale }
    const rowBytes = 4 * Math.max(step.inputs, step.outputs, step.shortcut?.inputs ?? 0) * size.width
    const rows = rowsPerBand(size.height, step.resample === 'up' ? 2 : 1, rowBytes, bandBytes)
    return { step, ...size, rows }
  })
}

/** What a step reads: its input, what is added to its output, and the statistics of its input. */
interface Read {
  x: RowBands
  block: RowBands | null
  statistics: Statistics | null
}

async function runStep(
  { open }: BandedVae,
  { step, height, width, rows }: Walk,
  { x, block, statistics }: Read,
  before: () => void,
): Promise<{ y: RowBands; sums: ChannelSums }> {
  const y: RowBands = { channels: step.outputs, height, width, rows, bands: [] }
  const sums = channelSums(step.outputs)
  const session = await open((graph) => writeBandStep(graph, step, rows, width))
  const inputs = bandInputs(step, { x, block, statistics }, rows)
  try {
    for (let top = 0; top < height; top += rows) {
      before()
      const outputs = await session.run(inputs(top))
      y.bands.push(Float32Array.from(outputs['y']))
      sums.add(outputs['means'], outputs['squares'], rows * width)
      for (const { buffer } of Object.values(outputs)) (buffer as ArrayBuffer).transfer(0)
      if (block) letGoAbove(block, top + rows)
      if (step.residual !== 'keeps') letGoAbove(x, rowsRead(step, top + rows, rows).from)
    }
  } finally {
    await session.release()
  }
  if (step.residual !== 'keeps') letGoAbove(x, x.height)
  return { y, sums }
}

/** The inputs of every band, in the same memory for all. */
function bandInputs(
  step: BandStep,
  { x, block, statistics }: Read,
  rows: number,
): (top: number) => Record<string, Input> {
  const { count } = rowsRead(step, 0, rows)
  const read = new Float32Array(x.channels * count * x.width)
  const inside = new Float32Array(count)
  const inputs: Record<string, Input> = {
    x: { data: read, shape: [1, x.channels, count, x.width] },
    inside: { data: inside, shape: [count, 1] },
  }
  if (statistics) {
    inputs['mean'] = { data: statistics.mean, shape: [x.channels, 1, 1] }
    inputs['inverse'] = { data: statistics.inverse, shape: [x.channels, 1, 1] }
  }
  const added = new Float32Array(block ? block.channels * rows * block.width : 0)
  if (block) inputs['block'] = { data: added, shape: [1, block.channels, rows, block.width] }
  return (top) => {
    const { from } = rowsRead(step, top, rows)
    readRows(x, from, count, read)
    inside.forEach((_, row) => (inside[row] = from + row >= 0 && from + row < x.height ? 1 : 0))
    if (block) readRows(block, top, rows, added)
    return inputs
  }
}

interface ChannelSums {
  add(means: Float32Array, squares: Float32Array, pixels: number): void
  statistics(norm: Pick<BandedVae, 'groups' | 'epsilon'>): Statistics
}

/** Sums what bands tell of their channels, in double precision. */
function channelSums(channels: number): ChannelSums {
  const totals = new Float64Array(channels)
  const squares = new Float64Array(channels)
  let count = 0
  return {
    add(means, bandSquares, pixels) {
      count += pixels
      for (let channel = 0; channel < channels; channel++) {
        totals[channel] += means[channel] * pixels
        squares[channel] += bandSquares[channel]
      }
    },
    statistics({ groups, epsilon }) {
      const mean = new Float32Array(channels)
      const inverse = new Float32Array(channels)
      const size = channels / groups
      for (let start = 0; start < channels; start += size) {
        const sum = (of: Float64Array): number =>
          of.subarray(start, start + size).reduce((total, value) => total + value, 0)
        const groupMean = sum(totals) / (count * size)
        const variance = Math.max(0, sum(squares) / (count * size) - groupMean ** 2)
        mean.fill(groupMean, start, start + size)
        inverse.fill(1 / Math.sqrt(variance + epsilon), start, start + size)
      }
      return { mean, inverse }
    },
  }
}
