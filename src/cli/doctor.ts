import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { ModelExamination } from '../shared/examination.ts'
import { askEngine } from './ownEngine.ts'
import { readArguments, runCommand } from './command.ts'

const usage = 'npm run --silent doctor -- FILE|FOLDER [--hash] [--json]'

/** Says what a model file or folder is and whether it can be opened; exit 1 when it cannot. */
async function doctor(): Promise<void> {
  const { path, hash, json } = readArguments(usage, parseArguments)
  const examination = await askEngine((engine) => engine.examineModel(resolve(path), { hash }))
  console.log(json ? JSON.stringify(examination) : describe(examination))
  if (examination.problems.length > 0) process.exitCode = 1
}

function parseArguments(): { path: string; hash: boolean; json: boolean } {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({ options: { hash: flag, json: flag }, allowPositionals: true })
  if (positionals.length !== 1)
    throw new Error(`One file or folder is examined, ${positionals.length} were given.`)
  return { path: positionals[0], ...values }
}

function describe({ problems, unused, hashes, fewStep, ...facts }: ModelExamination): string {
  const rows = Object.entries({ ...facts, ...hashes })
  const lines = rows.map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : (value ?? '-')}`,
  )
  const { method, sampler, schedule, steps, guidanceScale } = fewStep ?? {}
  if (fewStep)
    lines.push(
      `few steps: ${method}, to be run with ${sampler}, ${schedule}, ${steps} steps, guidance ${guidanceScale}`,
    )
  const found = problems.map(({ code, message }) => `problem ${code}: ${message}`)
  return [...lines, `unused tensors: ${unused.length}`, ...found].join('\n')
}

await runCommand(doctor)
