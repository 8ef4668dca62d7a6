import { parseArgs } from 'node:util'
import { StudioError, toErrorRecord } from '../shared/errors.ts'
import { inspectFile, type Inspection } from '../studio/metadata/inspectFile.ts'

/** `npm run --silent inspect -- FILE [--json]`: how a picture was made, from what its program left in the file. */
async function inspect(): Promise<void> {
  const { file, json } = readArguments()
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
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${show(value)}`)
  const left = unmapped.map(({ key, value, reason }) => `  ${key}: ${value.slice(0, 200)} (${reason})`)
  return [...lines, ...(left.length > 0 ? ['not mapped:', ...left] : [])].join('\n')
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function readArguments(): { file: string; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    if (positionals.length !== 1)
      throw new Error(`inspect reads one file, and was given ${positionals.length}`)
    return { file: positionals[0], json: values.json }
  } catch (error) {
    throw new StudioError('bad-request', (error as Error).message)
  }
}

inspect().catch((error) => {
  const { code, message } = toErrorRecord(error)
  console.error(`error ${code}: ${message}`)
  process.exit(code === 'bad-request' ? 2 : 1)
})
