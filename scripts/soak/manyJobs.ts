import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStudio } from '../../src/studio/studio.ts'

/**
 * A studio that runs many tiny jobs, and how its memory grows: the slope of a line through what it holds (least squares),
 * over all of them but the first tenth, and over each quarter. `anonymous` is what no file stands behind (Linux).
 */
const jobs = Number(process.argv[2])
const samplesWanted = 50
/** What is only made once is there after these. */
const warmUp = Math.ceil(jobs / 10)
const dataFolder = mkdtempSync(join(tmpdir(), 'latent-studio-soak-'))
const studio = await openStudio({
  dataFolder,
  enginePath: fileURLToPath(new URL('../../tests/studio/fixtures/engine.ts', import.meta.url)),
})

type Kind = 'heap' | 'buffers' | 'anonymous' | 'resident'
type Sample = Record<Kind | 'job', number>
const samples: Sample[] = []
const began = performance.now()
let failed = 0
for (let job = 1; job <= jobs; job++) {
  const ended = Promise.withResolvers<string>()
  const unsubscribe = studio.subscribe({
    jobChanged: ({ state, finishedAt }) => finishedAt !== null && ended.resolve(state),
  })
  await studio.calls.enqueue({ prompt: `tiny ${job}`, steps: 1, width: 64, height: 64 })
  if ((await ended.promise) !== 'done') failed++
  unsubscribe()
  if (job % Math.max(1, Math.floor(jobs / samplesWanted)) > 0) continue
  // The plain kind leaves the young generation larger each time.
  globalThis.gc!({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const { heapUsed: heap, external: buffers, rss: resident } = process.memoryUsage()
  samples.push({ job, heap, buffers, anonymous: anonymous(), resident })
}
const took = (performance.now() - began) / 1000
const { total } = await studio.calls.history({})
await studio.close()
rmSync(dataFolder, { recursive: true, force: true })

function anonymous(): number {
  const status = '/proc/self/status'
  const kibibytes = existsSync(status)
    ? /^RssAnon:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1]
    : undefined
  return Number(kibibytes ?? NaN) * 1024
}

function bytesPerJob(what: Kind, from: number, to: number): number {
  const some = samples.filter(({ job }) => job > from && job <= to)
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const meanJob = mean(some.map(({ job }) => job))
  const meanBytes = mean(some.map((sample) => sample[what]))
  const covariance = mean(some.map((sample) => (sample.job - meanJob) * (sample[what] - meanBytes)))
  return covariance / mean(some.map(({ job }) => (job - meanJob) ** 2))
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
const last = samples.at(-1)!
console.log(`${jobs} jobs in ${took.toFixed(0)} s: ${total} pictures, ${failed} failed`)
for (const what of ['heap', 'buffers', 'anonymous', 'resident'] as const) {
  const quarters = [0, 1, 2, 3].map((quarter) =>
    bytesPerJob(what, (quarter * jobs) / 4, ((quarter + 1) * jobs) / 4).toFixed(0),
  )
  const slope = bytesPerJob(what, warmUp, jobs).toFixed(0)
  console.log(
    `  ${what.padEnd(10)}${mebibytes(last[what])} at the end; ${slope} bytes a job (by quarters: ${quarters.join(', ')})`,
  )
}
if (failed > 0 || total !== jobs) process.exitCode = 1
