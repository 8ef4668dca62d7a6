// npm test: everything; at the end how long each part took, and one line of counts.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installBrowser } from './browser.ts'
import { buildIfStale, root } from './build.ts'
import { electronBinary } from './electron.ts'
import { installRedis } from './redis.ts'
import {
  countLine,
  failureLines,
  fromPlaywright,
  fromVitest,
  sum,
  timeLines,
  type Counts,
  type Part,
} from './testCounts.ts'

const bin = (name: string): string => path.join(root, 'node_modules', name)
const vueTsc = bin('vue-tsc/bin/vue-tsc.js')
const eslint = bin('eslint/bin/eslint.js')
const prettier = bin('prettier/bin/prettier.cjs')
const knip = bin('knip/bin/knip.js')
const vitest = bin('vitest/vitest.mjs')
const playwright = bin('@playwright/test/cli.js')

const reports = mkdtempSync(path.join(tmpdir(), 'latent-studio-tests-'))
const parts = [
  part('types', (name) => check(name, vueTsc, '--noEmit')),
  part('lint', (name) => check(name, eslint, '.')),
  part('formatting', (name) => check(name, prettier, '--check', '--log-level', 'warn', '.')),
  part('dead exports', (name) => check(name, knip)),
  part('tests in the window', windowTests),
  // Last: of an error outside of any test vitest's report says nothing, only the end of its output.
  part('unit tests', unitTests),
]
const counts = parts.map(({ counts }) => counts).reduce(sum)
const failed = counts.failures.length > 0
rmSync(reports, { recursive: true })

if (failed) process.stdout.write(`\n== what failed\n${failureLines(counts.failures)}\n`)
process.stdout.write(`\n== how long each part took\n${timeLines(parts)}\n\n${countLine(counts)}\n`)
process.exitCode = failed || counts.passed === 0 ? 1 : 0

function part(name: string, run: (name: string) => Counts): Part {
  process.stdout.write(`\n== ${name}\n`)
  const began = performance.now()
  const counts = run(name)
  return { name, counts, seconds: (performance.now() - began) / 1000 }
}

function check(name: string, program: string, ...args: string[]): Counts {
  const passed = run(program, args)
  process.stdout.write(passed ? 'passed\n' : 'FAILED\n')
  return passed ? { passed: 1, failures: [], skipped: 0 } : failure(name)
}

function unitTests(name: string): Counts {
  installRedis()
  const report = path.join(reports, 'vitest.json')
  const passed = run(vitest, ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
  return counted(name, passed, report, fromVitest)
}

function windowTests(name: string): Counts {
  const report = path.join(reports, 'playwright.json')
  try {
    buildIfStale()
    installBrowser()
  } catch (error) {
    return failure(name, String(error))
  }
  if (!electronBinary()) process.stdout.write('Electron’s program is not on this machine: a browser only.\n')
  const passed = run(playwright, ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: report })
  return counted(name, passed, report, fromPlaywright)
}

function run(program: string, args: string[], environment: NodeJS.ProcessEnv = {}): boolean {
  const env = { ...process.env, ...environment }
  return (
    spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: ['ignore', 1, 2], env }).status === 0
  )
}

/** The counts in a runner's report; a runner that failed without a failed test, or left no report, is one failure. */
function counted(runner: string, passed: boolean, report: string, read: (report: unknown) => Counts): Counts {
  if (!existsSync(report)) return failure(runner, 'It left no report.')
  const counts = read(JSON.parse(readFileSync(report, 'utf8')))
  if (passed || counts.failures.length > 0) return counts
  return sum(counts, failure(runner, 'It failed outside of any test; its own words are above.'))
}

const failure = (name: string, why = 'Its own words are above.'): Counts => ({
  passed: 0,
  failures: [{ name, why }],
  skipped: 0,
})
