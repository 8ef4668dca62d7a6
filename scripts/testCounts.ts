export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** One part of the tests: what it counted and how long it took. */
export interface Part {
  name: string
  counts: Counts
  seconds: number
}

export const sum = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

export const countLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`

/** A line for each part, with its minutes and seconds. */
export function timeLines(parts: readonly Pick<Part, 'name' | 'seconds'>[]): string {
  const all = { name: 'all', seconds: parts.reduce((total, { seconds }) => total + seconds, 0) }
  const width = Math.max(...parts.map(({ name }) => name.length))
  return [...parts, all].map(({ name, seconds }) => `${name.padEnd(width)}  ${minutes(seconds)}`).join('\n')
}

const minutes = (seconds: number): string =>
  `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')} min`

/** Counts of a report by vitest's `json` reporter; a file that could not be loaded counts as one failed test. */
export function fromVitest(report: unknown): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    numTodoTests: number
    testResults: { status: string; assertionResults: unknown[] }[]
  }
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloaded.length,
    skipped: numPendingTests + numTodoTests,
  }
}

/** Counts of a report by Playwright's `json` reporter; a test that passed only when tried again has failed. */
export function fromPlaywright(report: unknown): Counts {
  const { stats, errors } = report as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number }
    errors: unknown[]
  }
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  }
}
