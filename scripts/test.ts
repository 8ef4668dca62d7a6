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
  part('types', () => check(vueTsc, '--noEmit')),
  part('lint', () => check(eslint, '.')),
  part('formatting', () => check(prettier, '--check', '--log-level', 'warn', '.')),
  part('dead exports', () => check(knip)),
  part('unit tests', unitTests),
  part('tests in the window', windowTests),
]
const counts = parts.map(({ counts }) => counts).reduce(sum)
rmSync(reports, { recursive: true })

process.stdout.write(`\n== how long each part took\n${timeLines(parts)}\n\n${countLine(counts)}\n`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0

function part(name: string, run: () => Counts): Part {
  process.stdout.write(`\n== ${name}\n`)
  const began = performance.now()
  const counts = run()
  return { name, counts, seconds: (performance.now() - began) / 1000 }
}

function check(program: string, ...args: string[]): Counts {
  const passed = run(program, args)
  process.stdout.write(passed ? 'passed\n' : 'FAILED\n')
  return { passed: Number(passed), failed: Number(!passed), skipped: 0 }
}

function unitTests(): Counts {
  installRedis()
  const report = path.join(reports, 'vitest.json')
  const passed = run(vitest, ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
  return counted(passed, report, fromVitest)
}

function windowTests(): Counts {
  const report = path.join(reports, 'playwright.json')
  try {
    buildIfStale()
    installBrowser()
  } catch (error) {
    process.stdout.write(`${String(error)}\n`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  if (!electronBinary()) process.stdout.write('Electron’s program is not on this machine: a browser only.\n')
  const passed = run(playwright, ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: report })
  return counted(passed, report, fromPlaywright)
}

function run(program: string, args: string[], environment: NodeJS.ProcessEnv = {}): boolean {
  const env = { ...process.env, ...environment }
  return (
    spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: ['ignore', 1, 2], env }).status === 0
  )
}

/** The counts in a runner's report; a runner that failed without a failed test, or left no report, is one failure. */
function counted(passed: boolean, report: string, read: (report: unknown) => Counts): Counts {
  const found = existsSync(report)
    ? read(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 1, skipped: 0 }
  return passed || found.failed > 0 ? found : { ...found, failed: 1 }
}
