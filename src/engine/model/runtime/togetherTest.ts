import { attention } from '../../graph/layers/attention.ts'
import { Graph } from '../../graph/writing/graph.ts'
import { conv2d, groupNorm, linear, silu, toPicture, toTokens } from '../../graph/layers/layers.ts'
import type { Dialect, Value } from '../../graph/writing/value.ts'
import type { Weight } from '../../graph/weights/weight.ts'
import { openSession, type RealDevice, type Session } from './session.ts'
import { newTallies } from './tallies.ts'
import { normal, relativeDifference } from './testNumbers.ts'

/**
 * Whether a card makes the two evaluations of guidance faster in one run: layers of a U-Net, timed as a batch of two and twice
 * as one. Small pictures leave a large card idle, so it may be so for them alone.
 */

/** What was found for square pictures of a size. */
export interface TogetherSpeed {
  /** In latents. */
  side: number
  /** How many times faster two evaluations are in one run. */
  speed: number
}

/** From so many times the speed on it is worth the memory, and more than chance. */
const leastSpeed = 1.05

/** Whether two evaluations are faster in one run, by what was found for the size that is nearest. */
export function isFasterTogether(
  found: readonly TogetherSpeed[],
  { height, width }: { height: number; width: number },
): boolean {
  const away = ({ side }: TogetherSpeed): number => Math.abs(Math.log((height * width) / side ** 2))
  const [nearest] = found.toSorted((a, b) => away(a) - away(b))
  return nearest !== undefined && nearest.speed >= leastSpeed
}

/** SD 1.5 and SDXL at the sizes that they were trained at. */
const sides = [64, 128]

/** Times both ways; of a size at which they do not compute the same nothing is told. */
export async function testTogether(device: RealDevice, dialect: Dialect): Promise<TogetherSpeed[]> {
  const found: TogetherSpeed[] = []
  for (const side of sides) {
    const { speed, difference } = await compareTogether(device, dialect, side)
    if (difference <= (dialect.precision === 'float16' ? 2e-2 : 1e-3)) found.push({ side, speed })
  }
  return found
}

const runs = 5

/** How many times faster two are in one run, and how far the answers are from those of one after the other. */
export async function compareTogether(
  device: RealDevice,
  dialect: Dialect,
  side: number,
): Promise<{ speed: number; difference: number }> {
  const weights = new Map(
    Object.entries(kernels).flatMap(([scope, shape]): [string, Weight][] => [
      [`${scope}.weight`, normal(shape)],
      [`${scope}.bias`, normal(shape.slice(0, 1))],
    ]),
  )
  const open = (batch: number): Promise<Layers> =>
    openLayers(device, dialect, weights, [batch, 4, side, side])
  const [single, both] = [await open(1), await open(2)]
  try {
    const pictures = [1.3, 0.9].map((step) => wave(4 * side * side, step))
    let [alone, together, difference] = [Infinity, Infinity, 0]
    // The first run is not counted: a card makes its programs ready.
    for (let run = 0; run <= runs; run++) {
      const inTurn = await timed(single, pictures)
      const inOne = await timed(both, [Float32Array.from(pictures.flatMap((picture) => [...picture]))])
      if (run === 0) difference = relativeDifference(inOne.answer, inTurn.answer)
      else [alone, together] = [Math.min(alone, inTurn.ms), Math.min(together, inOne.ms)]
    }
    return { speed: alone / together, difference }
  } finally {
    await single.release()
    await both.release()
  }
}

interface Layers extends Pick<Session, 'release'> {
  answer(pictures: Float32Array): Promise<Float32Array>
}

async function timed(
  { answer }: Layers,
  inputs: readonly Float32Array[],
): Promise<{ ms: number; answer: Float32Array }> {
  const began = performance.now()
  const answers: Float32Array[] = []
  for (const input of inputs) answers.push(await answer(input))
  const ms = performance.now() - began
  return { ms, answer: Float32Array.from(answers.flatMap((one) => [...one])) }
}

async function openLayers(
  device: RealDevice,
  dialect: Dialect,
  weights: ReadonlyMap<string, Weight>,
  shape: readonly number[],
): Promise<Layers> {
  const graph = Graph.over((key) => weights.get(key), dialect)
  const x = graph.input('x', shape)
  graph.output('y', layers(graph, x))
  const session = await openSession(graph.encode(), {
    ...{ device, folder: '.', frugal: false, tally: newTallies().unet },
  })
  return {
    answer: async (data) => (await session.run({ x: { data, shape: x.shape } }))['y'],
    release: () => session.release(),
  }
}

/** Channels of the levels, each of which halves the picture. */
const levels = [320, 640, 1280, 1280]

/** Beyond this many tokens published models do not attend. */
const mostTokens = 4096

/** Of every level two residual layers and, where it attends, two transformer layers. */
function layers(g: Graph, sample: Value): Value {
  let x = conv2d(g.scope('in'), sample, levels[0])
  for (const [level, width] of levels.entries()) {
    if (level > 0) x = conv2d(g.scope(`down${level}`), x, width, { kernel: 1, stride: 2, pads: [0, 0, 0, 0] })
    const own = g.scope(width)
    for (let layer = 0; layer < 2; layer++) {
      x = conv2d(own.scope('conv'), silu(g, groupNorm(own.scope('norm'), x, 32, 1e-5)), width, { plus: x })
      if (x.shape[2] * x.shape[3] <= mostTokens) x = g.add(x, attended(own, x))
    }
  }
  return conv2d(g.scope('out'), x, 4)
}

function attended(g: Graph, x: Value): Value {
  const [batch, width, height, columns] = x.shape as [number, number, number, number]
  const tokens = toTokens(g, groupNorm(g.scope('norm'), x, 32, 1e-5))
  const [q, k, v] = [0, 1, 2].map(() => linear(g.scope('attention'), tokens, width))
  const seen = linear(g.scope('attention'), attention(g, q, k, v, 8, { batch }), width)
  const inner = g.gelu(linear(g.scope('wider'), seen, 2 * width))
  return toPicture(g, linear(g.scope('narrower'), inner, width), height, columns)
}

/** Weights are shared by all layers of a width: it is their size that takes the time. */
const kernels: Readonly<Record<string, readonly number[]>> = {
  in: [levels[0], 4, 3, 3],
  out: [4, levels.at(-1)!, 3, 3],
  ...Object.fromEntries(
    levels.flatMap((width, level) => [
      [`down${level}`, [width, levels[level - 1] ?? width, 1, 1]],
      [`${width}.norm`, [width]],
      [`${width}.conv`, [width, width, 3, 3]],
      [`${width}.attention`, [width, width]],
      [`${width}.wider`, [2 * width, width]],
      [`${width}.narrower`, [width, 2 * width]],
    ]),
  ),
}

const wave = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * step))
