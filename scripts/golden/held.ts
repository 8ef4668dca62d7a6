import type { CaseResult } from './kind.ts'
import { floats } from './numbers.ts'

/** One of several comparisons of a case: the largest difference found, and the largest allowed. */
export interface Held {
  what: string
  found: number
  allowed: number
}

/** A case that passes where all of its comparisons do, told by the one that is nearest to its bound. */
export function held(kind: string, name: string, parts: readonly Held[]): CaseResult {
  const one = parts.reduce((a, b) => (b.found / b.allowed > a.found / a.allowed ? b : a))
  return {
    name,
    kind,
    pass: parts.every(({ found, allowed }) => found <= allowed),
    maxAbs: one.found,
    maxRel: 0,
    tolerance: `${one.allowed.toPrecision(3)} absolute`,
    note: `${parts.length} compared, nearest to its bound: ${one.what}`,
  }
}

/** A tensor of a golden file. */
export const numbers = ({ base64 }: { base64: string }): Float32Array => floats(base64)
