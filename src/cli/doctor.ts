import { resolve } from 'node:path'
import type { ModelExamination } from '../shared/examination.ts'
import { askEngine } from './ownEngine.ts'
import { command } from './program/command.ts'
import { flag, json, onlyOperand } from './program/options.ts'

export const doctor = command({
  name: 'doctor',
  summary: 'says what a model is and whether it can be opened',
  needs: 'FILE|FOLDER',
  operands: 'any',
  options: { hash: flag('Read everything, for the hashes.'), json },
  notes: ['Exit status 1 where the model cannot be opened.'],
  read: ({ hash = false, json = false }, others) => ({
    path: onlyOperand(others, 'One file or folder is examined'),
    hash,
    json,
  }),
  async run({ path, hash, json }) {
    const examination = await askEngine((engine) => engine.examineModel(resolve(path), { hash }))
    console.log(json ? JSON.stringify(examination) : describe(examination))
    if (examination.problems.length > 0) process.exitCode = 1
  },
})

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

if (import.meta.main) await doctor.start(process.argv.slice(2))
