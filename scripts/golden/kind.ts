/** What every kind of golden file is to the runner. */

/** A file of reference numbers, parsed. */
export interface GoldenFile {
  path: string
  /** Where its neighbours lie. */
  folder: string
  // The shape differs per kind, and each kind's runner reads its own.
  json: any
}

export interface CaseResult {
  name: string
  kind: string
  pass: boolean
  /** Largest difference; for exact kinds 0 or the number of places that differ. */
  maxAbs: number
  maxRel: number
  tolerance: string
  note: string
}

/** A case that is not run, and why. */
export interface DeclinedCase {
  name: string
  reason: string
}

export interface GoldenKind {
  recognises(file: GoldenFile): boolean
  run(file: GoldenFile): AsyncIterable<CaseResult | DeclinedCase> | Iterable<CaseResult | DeclinedCase>
}

/** The kind written in a file's header ("B1 trajectories: …"), or nothing. */
export const headerKind = ({ json }: GoldenFile): string => String(json?.header?.kind ?? '')

/** Whether two lists of numbers agree, place by place. A place passes within `abs` or within `rel` of the expected. */
export function compare(
  actual: ArrayLike<number>,
  expected: ArrayLike<unknown>,
  tolerance: { abs?: number; rel?: number },
): { pass: boolean; maxAbs: number; maxRel: number } {
  let pass = actual.length === expected.length
  let [maxAbs, maxRel] = [0, 0]
  for (let i = 0; i < Math.min(actual.length, expected.length); i++) {
    const wanted = Number(expected[i])
    const found = actual[i]!
    if (Object.is(wanted, found) || (Number.isNaN(wanted) && Number.isNaN(found))) continue
    const abs = Math.abs(found - wanted)
    const rel = wanted === 0 ? (abs === 0 ? 0 : Infinity) : abs / Math.abs(wanted)
    maxAbs = Math.max(maxAbs, abs)
    if (wanted !== 0) maxRel = Math.max(maxRel, rel)
    if (!(abs <= (tolerance.abs ?? 0) || rel <= (tolerance.rel ?? 0))) pass = false
    if (Number.isNaN(abs)) maxAbs = maxRel = Infinity
  }
  return { pass, maxAbs, maxRel }
}

/** Several comparisons of one case as one. */
export function worst(parts: readonly { pass: boolean; maxAbs: number; maxRel: number }[]): {
  pass: boolean
  maxAbs: number
  maxRel: number
} {
  return {
    pass: parts.every(({ pass }) => pass),
    maxAbs: Math.max(0, ...parts.map(({ maxAbs }) => maxAbs)),
    maxRel: Math.max(0, ...parts.map(({ maxRel }) => maxRel)),
  }
}
