import { loadavg } from 'node:os'
import { Redis } from 'ioredis'
import { drainUnderKills } from '../soak/farmUnderKills.ts'
import { openProcessFarm, timeOf } from '../soak/processFarm.ts'
import type { Studio } from '../../src/studio/studio.ts'

/**
 * `npm run bench -- farm [JOBS]`: workers as processes of this machine, whose engine sleeps 100 ms a step instead of computing;
 * then 100 tiny jobs on four workers, then JOBS (200) with a worker killed every 5 s. Needs redis-server.
 *
 * The overhead is what a worker spends on a picture beyond sleeping: from one picture's beginning to the next one's. Of tiny jobs
 * it is the whole time, from asking for the first to the row of the last, a job: asking, queue, worker, picture, file and row.
 */
const jobs = Number(process.argv[3] ?? 200)
const farm = await openProcessFarm()
const { studio, workers, addWorker } = farm

const waitingBatch = (images: number) => async (asked: Studio) => {
  await asked.calls.enqueue({ prompt: 'slow', steps: 5, width: 64, height: 64, batchSize: images })
  return 1
}
const tinyJobs = (count: number) => async (asked: Studio) => {
  for (let job = 0; job < count; job++)
    await asked.calls.enqueue({ prompt: `tiny ${job}`, steps: 1, width: 64, height: 64 })
  return count
}
const load = (): string => `load ${loadavg()[0].toFixed(1)}`

await addWorker()
await timeOf(studio, waitingBatch(1))
/** A picture of 5 steps sleeps six times: before the first and after each. */
const sleeps = 600
let alone = 0
for (const count of [1, 2, 4]) {
  while (workers.length < count) await addWorker()
  const images = 8 * count
  // New workers fetch the model with their first image.
  await timeOf(studio, waitingBatch(3 * count))
  const each = (await timeOf(studio, waitingBatch(images))) / images
  if (count === 1) alone = each
  console.log(
    `${count} workers: ${each.toFixed(0)} ms a picture, ${(alone / each / count).toFixed(2)} n; overhead around the sleeping ${(each * count - sleeps).toFixed(0)} ms (${load()})`,
  )
}
const before = process.cpuUsage()
const tiny = await timeOf(studio, tinyJobs(100))
const { user, system } = process.cpuUsage(before)
const ownMs = (user + system) / 1000 / 100
console.log(
  `100 tiny jobs on 4 workers: ${(tiny / 100).toFixed(1)} ms each, of which the studio computes ${ownMs.toFixed(1)} (${load()})`,
)
await drainUnderKills(farm, jobs)
const client = new Redis(farm.redis)
console.log(`Redis afterwards: ${/used_memory_human:(\S+)/.exec(await client.info('memory'))![1]}`)
client.disconnect()
await farm.close()
process.exit()
