/**
 * What automatic found where it chose between Turbo and exact: `faster` (and near enough) chose Turbo, everything else
 * stays exact. `slower` or `apart` by the self-test; `untested` here so far; `ended`: testing ended the engine twice; a
 * `card` draws; the model comes as ONNX `graphs`; workers of a `farm` draw.
 */
export const turboFindings = [
  'faster',
  'slower',
  'apart',
  'untested',
  'ended',
  'card',
  'graphs',
  'farm',
] as const
export type TurboFinding = (typeof turboFindings)[number]

/** Turbo beside exact, as a self-test found it for a network. */
export interface TurboTest {
  /** How many times faster. */
  speed: number
  /** Root mean square of the difference to the exact numbers, relative to them. */
  difference: number
}

/** From so many times the speed on a picture that is a little another one is worth it. */
const leastSpeed = 1.1

/**
 * Rounding to 8 bits moves each of a test's layers by 0.02 (steps of 1/63 and 1/255 of the largest numbers, each off by
 * step / √12), two one behind the other by 0.03. A difference beyond this has another cause.
 */
const mostDifference = 0.05

export function turboVerdict({
  speed,
  difference,
}: TurboTest): Extract<TurboFinding, 'faster' | 'slower' | 'apart'> {
  if (!(difference <= mostDifference)) return 'apart'
  return speed >= leastSpeed ? 'faster' : 'slower'
}
