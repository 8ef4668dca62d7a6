/**
 * The golden runner: holds what the application computes against numbers made by the reference projects.
 *
 *   npm run --silent golden -- FILE|FOLDER... [--json]
 *
 * Exit 1 if a case fails or a file is of no known kind. A folder stands for the golden files in it, those below
 * included.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  brokenCase,
  headerKind,
  type CaseResult,
  type DeclinedCase,
  type GoldenFile,
  type GoldenKind,
} from './golden/kind.ts'
import { kinds } from './golden/kinds.ts'

export interface GoldenReport {
  cases: CaseResult[]
  declined: DeclinedCase[]
  passed: number
  failed: number
}

/** Runs every case of the files and folders. `onResult` hears of each as it is done. */
export async function runGolden(
  paths: readonly string[],
  onResult: (result: CaseResult | DeclinedCase) => void = () => {},
): Promise<GoldenReport> {
  const cases: CaseResult[] = []
  const declined: DeclinedCase[] = []
  for (const path of paths.flatMap(goldenFiles)) {
    for await (const result of runFile(path)) {
      onResult(result)
      if ('reason' in result) declined.push(result)
      else cases.push(result)
    }
  }
  const passed = cases.filter(({ pass }) => pass).length
  return { cases, declined, passed, failed: cases.length - passed }
}

async function* runFile(path: string): AsyncGenerator<CaseResult | DeclinedCase> {
  try {
    const file: GoldenFile = { path, folder: dirname(path), json: parsed(path) }
    const kind: GoldenKind | undefined = kinds.find((known) => known.recognises(file))
    if (kind) yield* kind.run(file)
    else yield failure(path, `a kind that is not known here: ${headerKind(file) || 'no header'}`)
  } catch (error) {
    yield failure(path, `could not be run: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const parsed = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8')) as unknown

const failure = (path: string, note: string): CaseResult => brokenCase('?', basename(path), note)

/** A file as it is; of a folder, the JSON files with a header: the others belong to them. */
function goldenFiles(path: string): string[] {
  // What is not there fails by name when it is opened.
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path]
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const inside = join(path, entry.name)
    if (entry.isDirectory()) return goldenFiles(inside)
    return entry.name.endsWith('.json') && hasHeader(inside) ? [inside] : []
  })
}

/** A golden file that cannot be parsed is one too: it fails by name rather than vanish. */
function hasHeader(path: string): boolean {
  try {
    return Boolean((parsed(path) as { header?: unknown } | null)?.header)
  } catch {
    return true
  }
}

const line = (result: CaseResult | DeclinedCase): string =>
  'reason' in result
    ? `declined  ${result.name}: ${result.reason}`
    : [
        result.pass ? 'pass  ' : 'FAIL  ',
        `${result.kind}  ${result.name}`,
        `  abs ${result.maxAbs.toPrecision(3)} rel ${result.maxRel.toPrecision(3)}  (${result.tolerance})`,
        result.note && `  ${result.note}`,
      ].join('')

async function main(args: readonly string[]): Promise<number> {
  const asJson = args.includes('--json')
  const paths = args.filter((arg) => !arg.startsWith('--'))
  if (paths.length === 0 || args.some((arg) => arg.startsWith('--') && arg !== '--json')) {
    process.stderr.write('usage: npm run --silent golden -- FILE|FOLDER... [--json]\n')
    return 2
  }
  const report = await runGolden(paths, (result) => {
    if (!asJson) process.stdout.write(`${line(result)}\n`)
  })
  const { passed, failed, declined } = report
  if (asJson) process.stdout.write(`${JSON.stringify(report)}\n`)
  else process.stdout.write(`${passed} passed, ${failed} failed, ${declined.length} declined\n`)
  return failed === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = await main(process.argv.slice(2))
