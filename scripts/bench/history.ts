import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { controlSchema } from '../../src/shared/request/controls.ts'
import { hiresSchema } from '../../src/shared/request/passes.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../src/shared/request/request.ts'
import type { Page } from '../../src/shared/library/history.ts'
import { noMarks } from '../../src/shared/library/marks.ts'
import { openDatabase } from '../../src/studio/history/database/database.ts'
import { openHistory } from '../../src/studio/history/history.ts'
import { openHashTable } from '../../src/studio/history/similar/hashTable.ts'
import { openStudio, type Studio } from '../../src/studio/studio.ts'
import { median, row } from './report.ts'

/**
 * A history of many pictures: how long the studio takes to start, a search, a page, all facets. Rows alone, no files. The
 * prompts have words by Zipf's law; every third is in Chinese, every tenth has an emoji, all have the same beginning. Settings
 * change every 32 pictures, some with a second pass, a style or a ControlNet, and one picture in twenty has stars and a tag; asked for as `tagged`, every picture has two to
 * four more of 300 tags.
 */
const rows = Number(process.argv[3] ?? 200_000)
const isTagged = process.argv[4] === 'tagged'
const folder = mkdtempSync(join(tmpdir(), 'latent-studio-bench-'))

const syllables = ['ka', 'lo', 'mi', 'ren', 'sta', 'tu', 'vel', 'gor', 'na', 'bri']
const vocabulary = Array.from({ length: 5000 }, (_, index) =>
  [...String(index).padStart(4, '0')].map((digit) => syllables[Number(digit)]).join(''),
)
const characters = Array.from({ length: 2000 }, (_, index) => String.fromCodePoint(0x4e00 + index))
let state = 1
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
const pick = (from: readonly string[]): string => from[Math.floor(random() ** 3 * from.length)]
const some = (count: number, from: readonly string[], between: string): string =>
  Array.from({ length: count }, () => pick(from)).join(between)

function prompt(index: number): string {
  const text = index % 3 === 0 ? `一个${some(16, characters, '')}` : some(14, vocabulary, ' ')
  return `masterpiece, best quality, ${text}${index % 10 === 0 ? ' 🐱' : ''}`
}

const tags = Array.from({ length: 300 }, (_, index) => `subject ${index}`)
const moreTags = (index: number): string[] =>
  isTagged ? [...new Set(Array.from({ length: 2 + (index % 3) }, () => pick(tags)))] : []

const idOf = (index: number): string => `20260101-000000-${index.toString(16).padStart(8, '0')}-01`

const timings = {
  ...{ load: 0, textEncode: 1, denoise: 1, decode: 1, total: 3 },
  ...{ unetRuns: 1, unetRunMs: 1, runMs: 1 },
}

function fill(): void {
  const database = openDatabase(join(folder, 'studio.db'))
  const history = openHistory(database, (file) => file)
  const hashes = openHashTable(database)
  const parsed = generationRequestSchema.parse({ seed: 1, width: 512, height: 512 })
  const control = controlSchema.parse({ model: 'depth', image: null })
  const samplers = ['Euler', 'Euler a', 'DPM++ 2M', 'DPM++ SDE', 'Heun', 'UniPC'] as const
  const sizes = [512, 640, 768, 1024]
  const addAll = database.transaction(() => {
    for (let index = 0; index < rows; index++) {
      // A person changes settings every 32 pictures.
      const settings = index >> 5
      const id = idOf(index)
      history.add({
        id,
        jobId: `job-${index >> 2}`,
        createdAt: 1_760_000_000_000 + index * 60_000,
        trashedAt: index % 50 === 0 ? 1_790_000_000_000 : null,
        file: `2026-01/${id}.png`,
        width: sizes[settings % 3],
        height: sizes[settings % 4],
        request: {
          ...parsed,
          prompt: prompt(index),
          seed: index,
          steps: 20 + (settings % 21),
          sampler: samplers[settings % 6],
          guidanceScale: 4 + (settings % 8) / 2,
          negativePrompt: `blurry, ${vocabulary[settings % 700]}`,
          hires: settings % 7 ? null : hiresSchema.parse({ steps: 5 + (settings % 3), upscaler: 'RDN-2x' }),
          styles: settings % 11 ? [] : [`style ${settings % 9}`],
          controls: settings % 13 ? [] : [{ ...control, weight: 0.5 + (settings % 4) / 4 }],
          files:
            settings % 4
              ? []
              : [{ kind: 'lora', name: `lora ${settings % 40}`, hash: '0123456789', autoV3: null }],
        } as ResolvedRequest,
        model: { id: 'starter', name: `model ${(settings >> 5) % 30}`, hash: '0123456789' },
        marks: {
          ...noMarks,
          ...(index % 20 === 0 && { rating: 1 + ((index / 20) % 5) }),
          tags: [...(index % 20 ? [] : [`tag ${(index / 20) % 50}`]), ...moreTags(index)],
        },
        engineVersion: '1',
        onnxRuntimeVersion: '1',
        device: 'cpu',
        dtype: 'float32',
        timings,
      })
      const bits = (): number => Math.floor(random() * 2 ** 32)
      // One in a thousand looks like the second.
      hashes.put(
        hashes.rowOf(id)!,
        index % 1000 !== 1 ? { high: bits(), low: bits() } : { high: 0, low: index % 64 },
      )
    }
  })
  addAll()
  database.close()
}

/** Ms by the clock, and ms that this thread computed: what the clock would show on a machine with nothing else to do. */
interface Took {
  clock: number
  processor: number
}

async function took(work: () => Promise<unknown>): Promise<Took> {
  const before = process.threadCpuUsage()
  const began = performance.now()
  await work()
  const clock = performance.now() - began
  const { user, system } = process.threadCpuUsage(before)
  return { clock, processor: (user + system) / 1000 }
}

function tell(what: string, times: readonly Took[], target: number): void {
  const figure = (of: keyof Took): string => `${median(times.map((time) => time[of])).toFixed(1)} ms`
  row(what, `${figure('clock')} (${figure('processor')} of the processor; target ${target} ms)`)
}

/** Parameters that many, few and no pictures have, alone and with words. */
const parameterSearches = [
  'steps>30',
  'steps:20..40',
  'sampler="Euler a" steps>35 cfg<5',
  'seed:77',
  'lora:"lora 3"',
  'rating>=4',
  'tag:"tag 7"',
  '-tag:"tag 7" -sampler:euler',
  'date:2026-01',
  'model:nothing',
  'negative:blurry',
  'negative:kalo -negative:ka',
  'control:depth controlweight<1',
  'style:"style 3"',
  'hiressteps:5..6 upscaler:rdn',
  'engine:1',
  'masterpiece steps>30',
  'masterpiece seed:77',
  'kalo sampler:heun',
  'masterpiece -best',
  'masterpiece -kalo',
  '-kalo',
  '-kalo steps>30',
  'masterpiece -lo -vel -"ren ka" -gor',
  'is:tagged',
  'is:collected',
]

const searches = [
  'masterpiece',
  'masterpiece best quality',
  'm',
  'kalo',
  `${vocabulary[1]} ${vocabulary[2]}`,
  'nothing like it',
  '一',
  '一个',
  `一个${characters[0]}`,
  characters[3] + characters[700],
  `masterpiece 一个 ${characters[5]} m`,
  '🐱',
  'a, b, c, d, e, f, g, h, masterpiece best quality 一个',
]

const facetSearches = [
  '',
  'steps>30',
  'kalo',
  'masterpiece',
  'masterpiece -kalo',
  'date:2026-01',
  'sampler:euler model:3',
  'size:512x512 rating>=1 tag:"tag 7"',
]

/** Five times, each after a picture came back. */
async function afterChanges(studio: Studio, ask: () => Promise<unknown>): Promise<Took[]> {
  const times: Took[] = []
  for (let time = 0; time < 5; time++) {
    await studio.calls.trash([idOf(1)])
    await studio.calls.restore([idOf(1)])
    times.push(await took(ask))
  }
  return times
}

/** Likewise after a mark. */
async function afterMarks(studio: Studio, ask: () => Promise<unknown>): Promise<Took[]> {
  const times: Took[] = []
  for (const rating of [1, 2, 3, 4, 5]) {
    await studio.calls.mark([idOf(1)], { rating })
    times.push(await took(ask))
  }
  return times
}

const alike = { search: `similar:${idOf(1)}` }

/** What is asked before it was read into memory. */
async function measureAtOnce(studio: Studio): Promise<void> {
  tell(
    'words, asked at once after the start',
    [await took(() => studio.calls.history({ search: 'kalo' }))],
    1000,
  )
  tell('similar pictures, likewise', [await took(() => studio.calls.history(alike))], 1000)
}

/** What is read into memory after the start, as the studio does. */
function measureReadingAhead(): void {
  const database = openDatabase(join(folder, 'studio.db'))
  const { readAhead } = openHistory(database, (file) => file)
  const parts: number[] = []
  const before = process.memoryUsage()
  for (let isMore = true; isMore;) {
    const began = performance.now()
    isMore = readAhead()
    parts.push(performance.now() - began)
  }
  const after = process.memoryUsage()
  const bytes = after.arrayBuffers - before.arrayBuffers
  const sum = parts.reduce((ms, part) => ms + part, 0)
  database.close()
  row(
    'read ahead after the start',
    `${sum.toFixed(0)} ms in parts, the longest ${Math.max(...parts).toFixed(0)} ms`,
  )
  row('  memory of it', `${(bytes / rows).toFixed(0)} bytes a picture`)
}

async function measure(studio: Studio): Promise<void> {
  await measureAtOnce(studio)
  for (const search of [...searches, ...parameterSearches]) {
    const ask = (): Promise<Page> => studio.calls.history({ search })
    const firstTime = await took(ask)
    const { total } = await ask()
    tell(`search ${search} (${total}), the first time`, [firstTime], 50)
    tell('  after a change', await afterChanges(studio, ask), 50)
    const last = (): Promise<Page> => studio.calls.history({ search, offset: Math.max(0, total - 60) })
    tell('  its last page, after a mark', await afterMarks(studio, last), 50)
  }
  for (const search of facetSearches) {
    const times = await afterChanges(studio, () => studio.calls.facets({ search }))
    tell(`facets of ${search || 'all'}`, times, 100)
  }
  const { total } = await studio.calls.history(alike)
  tell(`similar pictures (${total})`, await afterChanges(studio, () => studio.calls.history(alike)), 50)
  tell('first page of 120', await afterChanges(studio, () => studio.calls.history({ limit: 120 })), 50)
  let cursor: string | null = null
  const pages: Took[] = []
  for (let page = 0; page < 40; page++) {
    const next = async (): Promise<void> => {
      cursor = (await studio.calls.history({ limit: 500, cursor })).nextCursor
    }
    pages.push(await took(next))
  }
  tell('pages of 500, one after the other', pages, 50)
  const trash = (): Promise<Page> => studio.calls.history({ trashed: true, limit: 120 })
  tell('page of the trash', await afterChanges(studio, trash), 50)
}

try {
  const filled = await took(async () => fill())
  const mebibytes = statSync(join(folder, 'studio.db')).size / 2 ** 20
  console.log(`history of ${rows} pictures, ${mebibytes.toFixed(0)} MiB`)
  row('to write one row', `${((filled.clock / rows) * 1000).toFixed(0)} µs`)
  const starts: Took[] = []
  for (let trial = 0; trial < 3; trial++) {
    const opened = Promise.withResolvers<Studio>()
    const start = async (): Promise<void> => {
      opened.resolve(await openStudio({ dataFolder: folder }))
      await (await opened.promise).calls.history({ limit: 120 })
    }
    starts.push(await took(start))
    const studio = await opened.promise
    if (trial === 2) await measure(studio)
    await studio.close()
  }
  tell('start to the first page', starts, 1000)
  measureReadingAhead()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
