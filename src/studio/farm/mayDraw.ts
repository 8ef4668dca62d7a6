import type { ImageNeeds } from '../../shared/queue/farm.ts'

/** What decides whether a worker gets an image. */
export interface Candidate {
  name: string
  devices: readonly string[]
  memoryBytes: number
  models: readonly string[]
  stepMs: number | null
}

/** Bytes that a worker fetches in a ms, where nothing better is known: a common network. */
const bytesPerMs = 50_000

/** Why a worker cannot draw an image at all; null: it can. */
export function whyNot({ devices, memoryBytes }: Candidate, needs: ImageNeeds): string | null {
  if (needs.device !== 'auto' && !devices.includes(needs.device))
    return `it has no ${needs.device}, only ${devices.join(', ')}`
  if (needs.memoryBytes !== null && needs.memoryBytes > memoryBytes)
    return `it takes ${gib(needs.memoryBytes)} GiB, and there are ${gib(memoryBytes)}`
  return null
}

/** Ms that a worker would take, a model that it has to fetch included; null: nothing is known of its speed. */
const expectedMs = ({ stepMs, models }: Candidate, needs: ImageNeeds): number | null =>
  stepMs === null
    ? null
    : stepMs * needs.work + (models.includes(needs.model) ? 0 : needs.modelBytes / bytesPerMs)

/**
 * Whether the others, each at its own speed, will have drawn all that waits before this worker would be done with its one:
 * then it leaves the image to them. Those whose speed is not known yet draw, to be measured.
 */
export function leavesToOthers(
  worker: Candidate,
  others: readonly Candidate[],
  needs: ImageNeeds,
  waiting: number,
): boolean {
  const own = expectedMs(worker, needs)
  if (own === null) return false
  const able = others.filter((other) => whyNot(other, needs) === null)
  const drawnMeanwhile = able.reduce(
    (sum, other) => sum + Math.floor(own / (expectedMs(other, needs) ?? Infinity)),
    0,
  )
  // Each of them may just have begun with another one.
  return drawnMeanwhile - able.length >= waiting
}

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1)
