import { stripVTControlCharacters } from 'node:util'

/** A test that failed, and why; `why` is empty where only the runner's own output says it. */
export interface Failure {
  name: string
  why: string
}

export interface Counts {
  passed: number
  failures: readonly Failure[]
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
  failures: [...a.failures, ...b.failures],
  skipped: a.skipped + b.skipped,
})

export const countLine = ({ passed, failures, skipped }: Counts): string =>
  `${passed} passed, ${failures.length} failed, ${skipped} skipped`

/** What failed, each with the first `lines` lines of why: a runner's own words may lie thousands of lines further up. */
export const failureLines = (failures: readonly Failure[], lines = 12): string =>
  failures
    .map(({ name, why }) =>
      [`✗ ${name}`, ...stripVTControlCharacters(why).split('\n').slice(0, lines)].join('\n    ').trimEnd(),
    )
    .join('\n')

/** A line for each part, with its minutes and seconds. */
export function timeLines(parts: readonly Pick<Part, 'name' | 'seconds'>[]): string {
  const all = { name: 'all', seconds: parts.reduce((total, { seconds }) => total + seconds, 0) }
  const width = Math.max(...parts.map(({ name }) => name.length))
  return [...parts, all].map(({ name, seconds }) => `${name.padEnd(width)}  ${minutes(seconds)}`).join('\n')
}

const minutes = (seconds: number): string =>
  `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')} min`

interface VitestFile {
  name: string
  status: string
  message: string
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
}

/** Counts of a report by vitest's `json` reporter; a file that could not be loaded counts as one failed test. */
export function fromVitest(report: unknown): Counts {
  const { numPassedTests, numPendingTests, numTodoTests, testResults } = report as {
    numPassedTests: number
    numPendingTests: number
    numTodoTests: number
    testResults: VitestFile[]
  }
  return {
    passed: numPassedTests,
    failures: testResults.filter(({ status }) => status === 'failed').flatMap(failuresOfFile),
    skipped: numPendingTests + numTodoTests,
  }
}

function failuresOfFile({ name, message, assertionResults }: VitestFile): Failure[] {
  const failed = assertionResults.filter(({ status }) => status === 'failed')
  if (failed.length === 0) return [{ name, why: message }]
  return failed.map((test) => ({ name: `${name} › ${test.fullName}`, why: test.failureMessages.join('\n') }))
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[]
  specs: {
    title: string
    file: string
    line: number
    tests: { projectName: string; status: string; results: { errors: PlaywrightError[] }[] }[]
  }[]
}

interface PlaywrightError {
  message?: string
}

/** Counts of a report by Playwright's `json` reporter; a test that passed only when tried again has failed. */
export function fromPlaywright(report: unknown): Counts {
  const { stats, errors, suites } = report as {
    stats: { expected: number; skipped: number }
    errors: PlaywrightError[]
    suites: PlaywrightSuite[]
  }
  return {
    passed: stats.expected,
    failures: [
      ...suites.flatMap(failuresOfSuite),
      ...errors.map((error) => ({ name: 'outside of any test', why: error.message ?? '' })),
    ],
    skipped: stats.skipped,
  }
}

const failuresOfSuite = ({ suites = [], specs }: PlaywrightSuite): Failure[] => [
  ...suites.flatMap(failuresOfSuite),
  ...specs.flatMap(({ title, file, line, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ projectName, results }) => ({
        name: `[${projectName}] ${file}:${line} › ${title}`,
        why: results.flatMap(({ errors }) => errors.map(({ message }) => message ?? '')).join('\n'),
      })),
  ),
]
