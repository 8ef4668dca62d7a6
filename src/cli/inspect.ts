import { resolve } from 'node:path'
import { inspectFile, type Inspection } from '../studio/metadata/inspectFile.ts'
import { readArguments, readOptions, runCommand } from './command.ts'

const usage = 'npm run --silent inspect -- FILE [--json]'

/** Tells how a picture was made, from what its program left in the file: rows, or one JSON object. */
async function inspect(): Promise<void> {
  const { file, json } = readArguments(usage, () => {
    const { values, others } = readOptions({ json: 'flag' })
    if (others.length !== 1) throw new Error(`One file is read, found ${others.length}.`)
    return { file: resolve(others[0]), json: values.json }
  })
  const inspection = await inspectFile(file)
  console.log(json ? JSON.stringify(flatten(inspection)) : describe(inspection))
}

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

await runCommand(inspect)
