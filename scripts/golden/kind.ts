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

/** A case that could not be compared at all. */
export const brokenCase = (kind: string, name: string, note: string): CaseResult => ({
  name,
  kind,
  pass: false,
  maxAbs: Number.MAX_VALUE,
  maxRel: Number.MAX_VALUE,
  tolerance: '',
  note,
})

/** Runs cases one by one; one that throws fails by its name and the others go on. */
export async function* eachCase<Golden>(
  kind: string,
  cases: Iterable<Golden>,
  nameOf: (golden: Golden) => string,
  run: (golden: Golden) => CaseResult | DeclinedCase | Promise<CaseResult | DeclinedCase>,
): AsyncGenerator<CaseResult | DeclinedCase> {
  for (const golden of cases) {
    try {
      yield await run(golden)
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      yield brokenCase(kind, nameOf(golden), `could not be run: ${words}`)
    }
  }
}

/** The list that some files end with: what the reference itself cannot do. */
export function* raisingCases(file: GoldenFile): Generator<DeclinedCase> {
  for (const { id, raises } of file.json.raises ?? [])
    yield { name: id, reason: `the reference raises: ${raises}` }
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
    const found = actual[i]
    if (Object.is(wanted, found) || (Number.isNaN(wanted) && Number.isNaN(found))) continue
    const abs = Math.abs(found - wanted)
    const rel = wanted === 0 ? (abs === 0 ? 0 : Infinity) : abs / Math.abs(wanted)
    maxAbs = Math.max(maxAbs, Math.min(abs, Number.MAX_VALUE))
    if (wanted !== 0) maxRel = Math.max(maxRel, Math.min(rel, Number.MAX_VALUE))
    if (!(abs <= (tolerance.abs ?? 0) || rel <= (tolerance.rel ?? 0))) pass = false
    if (Number.isNaN(abs)) maxAbs = maxRel = Number.MAX_VALUE
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
