import { expect, test } from 'vitest'
import {
  countLine,
  failureLines,
  fromPlaywright,
  fromVitest,
  sum,
  timeLines,
} from '../../scripts/testCounts.ts'

test('the counts of two runners add up to one line', () => {
  const failures = [{ name: 'a', why: '' }]
  const line = countLine(sum({ passed: 5, failures: [], skipped: 1 }, { passed: 2, failures, skipped: 0 }))
  expect(line).toBe('7 passed, 1 failed, 1 skipped')
})

test('what failed is told with the beginning of why', () => {
  const why = '\u001b[31mError\u001b[39m: expected 2, found 3\nat a\nat b'
  expect(
    failureLines(
      [
        { name: 'lint', why: '' },
        { name: 'a › b', why },
      ],
      2,
    ),
  ).toBe(['✗ lint', '✗ a › b', '    Error: expected 2, found 3', '    at a'].join('\n'))
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
  const test = { status: 'failed', fullName: 'it adds', failureMessages: ['found 3'] }
  const report = {
    numPassedTests: 3,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [
      { name: 'a', status: 'failed', message: 'no such module', assertionResults: [] },
      {
        name: 'b',
        status: 'failed',
        message: '',
        assertionResults: [{ status: 'passed', fullName: '', failureMessages: [] }, test],
      },
      { name: 'c', status: 'passed', message: '', assertionResults: [] },
    ],
  }
  expect(fromVitest(report)).toEqual({
    passed: 3,
    failures: [
      { name: 'a', why: 'no such module' },
      { name: 'b › it adds', why: 'found 3' },
    ],
    skipped: 2,
  })
})

test('a test that passed only when tried again counts as failed', () => {
  const spec = (title: string, status: string, ...messages: string[]): object => ({
    title,
    file: 'a.spec.ts',
    line: 7,
    tests: [
      { projectName: 'browser', status, results: messages.map((message) => ({ errors: [{ message }] })) },
    ],
  })
  const report = {
    stats: { expected: 4, skipped: 2 },
    errors: [{ message: 'the port is taken' }],
    suites: [
      {
        specs: [spec('good', 'expected')],
        suites: [
          {
            specs: [spec('bad', 'unexpected', 'red'), spec('at times', 'flaky', 'late')],
          },
        ],
      },
    ],
  }
  expect(fromPlaywright(report)).toEqual({
    passed: 4,
    failures: [
      { name: '[browser] a.spec.ts:7 › bad', why: 'red' },
      { name: '[browser] a.spec.ts:7 › at times', why: 'late' },
      { name: 'outside of any test', why: 'the port is taken' },
    ],
    skipped: 2,
  })
})
