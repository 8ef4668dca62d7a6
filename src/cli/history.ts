import type { ImageRecord } from '../shared/library/history.ts'
import { localTime } from '../studio/pictures/localTime.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, flag, json, numberOption, text } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'

export const history = command({
  name: 'history',
  summary: 'lists finished pictures, newest first',
  options: {
    search: text('TEXT', 'What to look for, as in the search of the library: words, steps>30, model:xl.'),
    limit: text('N', 'How many at most; with --jsonl all, else 50.'),
    json,
    jsonl: flag('Print a JSON object for every picture, on a line of its own.'),
    data: dataFolder,
  },
  examples: ['studio history --search "house steps>30"', 'studio history --jsonl | jq -r .path'],
  read: ({ data, search, limit, json = false, jsonl = false }) => {
    if (json && jsonl) throw new Error('--json, --jsonl: give one of them.')
    return { search, limit: numberOption('limit', limit), json, jsonl, data: dataOption(data) }
  },
  async run({ data, search, limit, json, jsonl }) {
    const studio = await openSpokenStudio({ dataFolder: data, adoptJobs: false })
    try {
      if (!jsonl) {
        const page = await studio.calls.history({ search, limit })
        return json ? console.log(JSON.stringify(page)) : page.items.forEach(describe)
      }
      let [left, cursor]: [number, string | null | undefined] = [limit ?? Infinity, undefined]
      while (left > 0 && cursor !== null) {
        const page = await studio.calls.history({ search, cursor, limit: Math.min(left, pageLength) })
        for (const item of page.items) console.log(JSON.stringify(item))
        left -= page.items.length
        cursor = page.nextCursor
      }
    } finally {
      await studio.close()
    }
  },
})

const pageLength = 100

function describe({ createdAt, width, height, request, path, imported }: ImageRecord): void {
  const date = localTime(createdAt).slice(0, 16).replace('T', ' ')
  const from = imported ? (imported.tool ?? 'imported') : `seed ${request.seed}`
  console.log(`${date}  ${width}x${height}  ${from}  ${request.prompt}\n  ${path}`)
}

if (import.meta.main) await history.start(process.argv.slice(2))
