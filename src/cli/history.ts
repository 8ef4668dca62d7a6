import { parseArgs } from 'node:util'
import { defaultDataFolder } from '../studio/paths.ts'
import { openSpokenStudio } from './spokenStudio.ts'
import { numberOption, readArguments, runCommand } from './command.ts'

const usage = 'npm run --silent history -- [--data FOLDER] [--search TEXT] [--limit N] [--json]'

/** Lists finished images, newest first: a line each, or one JSON object with `items`. */
async function history(): Promise<void> {
  const { data, search, limit, json } = readArguments(usage, () => {
    const text = { type: 'string' } as const
    const options = { data: text, search: text, limit: text, json: { type: 'boolean' } } as const
    const { values } = parseArgs({ options })
    return { ...values, limit: numberOption('limit', values.limit) }
  })
  const studio = await openSpokenStudio({ dataFolder: data ?? defaultDataFolder(), adoptJobs: false })
  try {
    const page = await studio.calls.history({ search, limit })
    if (json) return console.log(JSON.stringify(page))
    for (const { createdAt, width, height, request, path } of page.items) {
      const date = new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ')
      console.log(`${date}  ${width}x${height}  seed ${request.seed}  ${request.prompt}\n  ${path}`)
    }
  } finally {
    await studio.close()
  }
}

await runCommand(history)
