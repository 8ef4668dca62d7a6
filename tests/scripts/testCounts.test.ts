import { expect, test } from 'vitest'
import { countLine, fromPlaywright, fromVitest, sum, timeLines } from '../../scripts/testCounts.ts'

test('the counts of two runners add up to one line', () => {
  const line = countLine(sum({ passed: 5, failed: 0, skipped: 1 }, { passed: 2, failed: 1, skipped: 0 }))
  expect(line).toBe('7 passed, 1 failed, 1 skipped')
})

test('how long each part took, and all of them', () => {
  const lines = timeLines([
    { name: 'types', seconds: 59.7 },
    { name: 'tests in the window', seconds: 605.4 },
  ])
  expect(lines.split('\n')).toEqual([
    'types                1:00 min',
    'tests in the window  10:05 min',
    'all                  11:05 min',
  ])
})

test('a test file that could not be loaded counts as a failed test', () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  }
  expect(fromVitest(report)).toEqual({ passed: 3, failed: 2, skipped: 2 })
})

test('a test that passed only when tried again counts as failed', () => {
  const report = { stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] }
  expect(fromPlaywright(report)).toEqual({ passed: 4, failed: 3, skipped: 2 })
})
