import { combine, type Noise } from '../samplers/step.ts'
import { seedSequence } from './seedSequence.ts'

/** Normal noise of a size from a seed of its own. */
export type SeededNormals = (seed: number, count: number) => Float32Array

interface Interval {
  start: number
  end: number
  parent: Interval | null
  isLeft: boolean
  /** Position in the tree: how many intervals of this depth lie to the left, and the depth. */
  index: number
  depth: number
  children: { middle: number; seed: number; left: Interval; right: Interval } | null
}

/** torchsde rounds every time to its tolerance of 1e-6. */
const round = (time: number): number => Number(time.toFixed(6))
const poolSize = 24
/** How many intervals' halves are kept: a path from the top has about 24, and neighbouring steps share most of it. */
const remembered = 48

/**
 * Noise for stochastic samplers from one Brownian path over sigma, so that fewer or more steps see the same path:
 * torchsde's BrownianTree behind k-diffusion's BrownianTreeNoiseSampler. The path is split in halves down to a query
 * and every half is a Brownian bridge (Kloeden and Platen 1992, section 1.8) with a seed of its own.
 */
export function brownianTree(
  seed: bigint,
  sigmaMin: number,
  sigmaMax: number,
  count: number,
  normals: SeededNormals,
): Noise {
  const top = interval(round(sigmaMin), round(sigmaMax), null, true)
  const [topSeed] = seedSequence(seed, [], poolSize, 1)
  const whole = combine([Math.sqrt(sigmaMax - sigmaMin), normals(topSeed, count)])
  const split = (node: Interval, middle: number): void => {
    const rounded = round(middle)
    const [childSeed] = seedSequence(seed, [node.index, node.depth], poolSize, 1)
    node.children = {
      middle: rounded,
      seed: childSeed,
      left: interval(node.start, rounded, node, true),
      right: interval(rounded, node.end, node, false),
    }
  }
  const recent = new Map<Interval, Halves>()
  const increment = (node: Interval): Float32Array => {
    const { parent } = node
    if (!parent) return whole
    const halves = recent.get(parent) ?? bridge(parent, increment(parent), normals, count)
    // Moves them to the newest place; the oldest make room.
    recent.delete(parent)
    recent.set(parent, halves)
    if (recent.size > remembered) recent.delete(recent.keys().next().value!)
    return node.isLeft ? halves.left : halves.right
  }

  let last = top
  return (sigma, sigmaNext) => {
    const from = Math.max(Math.min(sigma, sigmaNext), sigmaMin)
    const to = Math.min(Math.max(sigma, sigmaNext), sigmaMax)
    if (from === to) return new Float32Array(count)
    const found: Interval[] = []
    locate(last, round(from), round(to), split, found)
    last = found.at(-1) ?? last
    const total = combine(...found.map((node) => [1, increment(node)] as const))
    // The path runs upwards in sigma, the sampler downwards.
    const scale = (sigmaNext < sigma ? -1 : 1) / Math.sqrt(Math.abs(sigmaNext - sigma))
    return combine([scale, total])
  }
}

function interval(start: number, end: number, parent: Interval | null, isLeft: boolean): Interval {
  const index = parent ? 2 * parent.index + (isLeft ? 0 : 1) : 0
  return {
    start,
    end,
    parent,
    isLeft,
    index,
    depth: parent ? parent.depth + 1 : 0,
    children: null,
  }
}

/** The intervals that make up [from, to], splitting halves until an end is met. */
function locate(
  node: Interval,
  from: number,
  to: number,
  split: (node: Interval, middle: number) => void,
  found: Interval[],
): void {
  while (node.parent && (from < node.start || to > node.end)) node = node.parent
  if (from === node.start && to === node.end) {
    found.push(node)
    return
  }
  if (!node.children) {
    splitTowards(node, from === node.start ? to : from, split)
    return locate(from === node.start ? node.children!.left : node.children!.right, from, to, split, found)
  }
  const { middle, left, right } = node.children
  if (to <= middle) return locate(left, from, to, split, found)
  if (from >= middle) return locate(right, from, to, split, found)
  locate(left, from, middle, split, found)
  locate(right, middle, to, split, found)
}

/** Halves a node, then the half with the point in it, until a middle is the point. */
function splitTowards(node: Interval, point: number, split: (node: Interval, middle: number) => void): void {
  for (;;) {
    split(node, 0.5 * (node.end + node.start))
    const { middle, left, right } = node.children!
    if (point === middle) return
    node = point > middle ? right : left
  }
}

interface Halves {
  left: Float32Array
  right: Float32Array
}

/** The increments of a split interval's halves, out of its own. */
function bridge(parent: Interval, whole: Float32Array, normals: SeededNormals, count: number): Halves {
  const { middle, seed } = parent.children!
  const share = (middle - parent.start) / (parent.end - parent.start)
  const left = combine([share, whole], [Math.sqrt(share * (parent.end - middle)), normals(seed, count)])
  return { left, right: combine([1, whole], [-1, left]) }
}
