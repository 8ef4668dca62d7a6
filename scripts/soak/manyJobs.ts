import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStudio } from '../../src/studio/studio.ts'

/** A studio that runs many tiny jobs, and how its memory grows: the slope of a line through what it holds (least squares). */
const jobs = Number(process.argv[2])
const samplesWanted = 50
/** What is only made once is there after these. */
const warmUp = Math.ceil(jobs / 10)
const dataFolder = mkdtempSync(join(tmpdir(), 'latent-studio-soak-'))
const studio = await openStudio({
  dataFolder,
  enginePath: fileURLToPath(new URL('../../tests/studio/fixtures/engine.ts', import.meta.url)),
})

interface Sample {
  job: number
  heap: number
  resident: number
}
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
  globalThis.gc!()
  const { heapUsed, rss } = process.memoryUsage()
  samples.push({ job, heap: heapUsed, resident: rss })
}
const took = (performance.now() - began) / 1000
const { total } = await studio.calls.history({})
await studio.close()
rmSync(dataFolder, { recursive: true, force: true })

function bytesPerJob(what: 'heap' | 'resident'): number {
  const later = samples.filter(({ job }) => job > warmUp)
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const meanJob = mean(later.map(({ job }) => job))
  const meanBytes = mean(later.map((sample) => sample[what]))
  const covariance = mean(later.map((sample) => (sample.job - meanJob) * (sample[what] - meanBytes)))
  return covariance / mean(later.map(({ job }) => (job - meanJob) ** 2))
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
const last = samples.at(-1)!
const quarters = [0.25, 0.5, 0.75, 1].map((part) => samples[Math.ceil(part * samples.length) - 1])
console.log(`${jobs} jobs in ${took.toFixed(0)} s: ${total} pictures, ${failed} failed`)
for (const what of ['heap', 'resident'] as const) {
  const slope = bytesPerJob(what)
  console.log(
    `  ${what.padEnd(10)}${mebibytes(last[what])} at the end (${quarters.map((sample) => mebibytes(sample[what])).join(', ')} after each quarter); ${slope.toFixed(0)} bytes a job`,
  )
}
if (failed > 0 || total !== jobs) process.exitCode = 1
