// npm test: everything, with one line of counts at the end.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installBrowser } from './browser.ts'
import { buildIfStale, root } from './build.ts'
import { electronBinary } from './electron.ts'
import { countLine, fromPlaywright, fromVitest, sum, type Counts } from './testCounts.ts'

const bin = (name: string): string => path.join(root, 'node_modules', name)
const vueTsc = bin('vue-tsc/bin/vue-tsc.js')
const eslint = bin('eslint/bin/eslint.js')
const prettier = bin('prettier/bin/prettier.cjs')
const knip = bin('knip/bin/knip.js')
const vitest = bin('vitest/vitest.mjs')
const playwright = bin('@playwright/test/cli.js')

const reports = mkdtempSync(path.join(tmpdir(), 'latent-studio-tests-'))
const counts = [
  check('types', vueTsc, '--noEmit'),
  check('lint', eslint, '.'),
  check('formatting', prettier, '--check', '--log-level', 'warn', '.'),
  check('dead exports', knip),
  unitTests(),
  windowTests(),
].reduce(sum)
rmSync(reports, { recursive: true })

process.stdout.write(`\n${countLine(counts)}\n`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0

function check(name: string, program: string, ...args: string[]): Counts {
  process.stdout.write(`\n== ${name}\n`)
  const passed = run(program, args)
  process.stdout.write(passed ? 'passed\n' : 'FAILED\n')
  return { passed: Number(passed), failed: Number(!passed), skipped: 0 }
}

function unitTests(): Counts {
  process.stdout.write('\n== unit tests\n')
  const report = path.join(reports, 'vitest.json')
  const passed = run(vitest, ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
  return counted(passed, report, fromVitest)
}

function windowTests(): Counts {
  process.stdout.write('\n== tests in the window\n')
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
