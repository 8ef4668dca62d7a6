import { localTime } from '../studio/pictures/localTime.ts'
import { openSpokenStudio } from './spokenStudio.ts'
import { dataOption, numberOption, onlyOptions, readArguments, runCommand } from './command.ts'

const usage = 'npm run --silent history -- [--data FOLDER] [--search TEXT] [--limit N] [--json]'

/** Lists finished images, newest first: a line each, or one JSON object with `items`. */
async function history(): Promise<void> {
  const { data, search, limit, json } = readArguments(usage, () => {
    const values = onlyOptions({ data: 'text', search: 'text', limit: 'text', json: 'flag' })
    return { ...values, limit: numberOption('limit', values.limit), data: dataOption(values.data) }
  })
  const studio = await openSpokenStudio({ dataFolder: data, adoptJobs: false })
  try {
    const page = await studio.calls.history({ search, limit })
    if (json) return console.log(JSON.stringify(page))
    for (const { createdAt, width, height, request, path } of page.items) {
      const date = localTime(createdAt).slice(0, 16).replace('T', ' ')
      console.log(`${date}  ${width}x${height}  seed ${request.seed}  ${request.prompt}\n  ${path}`)
    }
  } finally {
    await studio.close()
  }
}

await runCommand(history)
