import { resolve } from 'node:path'
import { inspectBytes, inspectFile, type Inspection } from '../studio/metadata/inspectFile.ts'
import { command } from './program/command.ts'
import { json, onlyOperand } from './program/options.ts'
import { pipe, readStandardInput } from './program/standardInput.ts'

export const inspect = command({
  name: 'inspect',
  summary: 'tells how a picture was made, from what its program left in the file',
  needs: 'FILE',
  operands: 'any',
  options: { json },
  notes: ['FILE - is what is piped in.'],
  read: ({ json = false }, others) => ({ file: onlyOperand(others, 'One file is read'), json }),
  async run({ file, json }) {
    const inspection =
      file === pipe
        ? await inspectBytes(file, await readStandardInput('FILE'))
        : await inspectFile(resolve(file))
    console.log(json ? JSON.stringify(flatten(inspection)) : describe(inspection))
  },
})

/** One object; `source` is null for a file that tells nothing. */
const flatten = ({ file, generation }: Inspection) => ({
  file,
  ...(generation ?? { source: null, request: {}, model: null, unmapped: [], text: '' }),
})

function describe({ file, generation }: Inspection): string {
  if (!generation) return `${file} holds no generation data.`
  const { source, model, request, unmapped } = generation
  const rows = Object.entries({ source, model: model?.name, ...request })
  const lines = rows
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const left = unmapped.map(({ key, value, reason }) => `  ${key}: ${value.slice(0, 200)} (${reason})`)
  return [...lines, ...(left.length > 0 ? ['not mapped:', ...left] : [])].join('\n')
}

if (import.meta.main) await inspect.start(process.argv.slice(2))
