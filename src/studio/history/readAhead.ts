import type { History } from './history.ts'

/** In ms: what is left to the start, and how long is rested between two parts, about as long as one takes. */
const [afterStart, rest] = [1000, 5]

/**
 * Reads what searches hold in memory after a start, beside everything else, so that none waits for it. What fails is read
 * by the search that needs it, which tells. Answers what ends it.
 */
export function startReadingAhead({ readAhead }: Pick<History, 'readAhead'>): () => void {
  let timer = setTimeout(readOn, afterStart)
  function readOn(): void {
    try {
      if (readAhead()) timer = setTimeout(readOn, rest)
    } catch {
      // The disk may be gone: the search says so.
    }
  }
  return () => clearTimeout(timer)
}
