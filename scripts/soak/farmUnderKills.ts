import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { openProcessFarm, timeOf, type ProcessFarm } from './processFarm.ts'

const killEveryMs = 5000
const workersAtWork = 4

/** The same on a farm of its own. */
export async function workFarm(jobs: number): Promise<boolean> {
  const farm = await openProcessFarm()
  for (let worker = 0; worker < workersAtWork; worker++) await farm.addWorker()
  const isWell = await drainUnderKills(farm, jobs)
  await farm.close()
  return isWell
}

/**
 * Drains tiny jobs with a worker killed every 5 s, each replaced by another. Prints what was lost, doubled, failed and killed,
 * and holds rows against files: gradients of one seed have one hash. True: nothing was wrong.
 */
export async function drainUnderKills(farm: ProcessFarm, jobs: number): Promise<boolean> {
  const { studio, dataFolder, workers, addWorker } = farm
  const accepted = new Set<string>()
  const failed = new Set<string>()
  const unsubscribe = studio.subscribe({
    jobChanged: ({ id, state }) => void (state === 'failed' && failed.add(id)),
  })
  let killed = 0
  const killing = setInterval(() => {
    // On a busy machine the next one takes longer to come than this one had.
    if (workers.length < 2) return
    workers.shift()!.kill('SIGKILL')
    killed++
    void addWorker()
  }, killEveryMs)
  const took = await timeOf(studio, async ({ calls }) => {
    for (let job = 0; job < jobs; job++) {
      const request = { prompt: `tiny ${job}`, steps: 1, width: 64, height: 64, seed: job }
      accepted.add((await calls.enqueue(request)).id)
    }
    return jobs
  })
  clearInterval(killing)
  unsubscribe()
  const { lost, doubled, wrong } = await compare(dataFolder, accepted)
  const each = `${(took / jobs).toFixed(1)} ms each (load ${loadavg()[0].toFixed(1)})`
  console.log(
    `${jobs} tiny jobs, ${killed} workers killed: ${lost} lost, ${doubled} doubled, ${failed.size} failed, ${wrong} files that are not their row's; ${each}`,
  )
  return lost + doubled + failed.size + wrong === 0
}

interface Row {
  jobId: string
  file: string
  seed: number
}

async function compare(dataFolder: string, accepted: ReadonlySet<string>) {
  const database = new Database(join(dataFolder, 'studio.db'), { readonly: true })
  const all = database
    .prepare("SELECT jobId, file, json_extract(request, '$.seed') AS seed FROM images")
    .all()
  database.close()
  const rows = (all as Row[]).filter(({ jobId }) => accepted.has(jobId))
  const drawn = new Set(rows.map(({ jobId }) => jobId))
  const files = readdirSync(join(dataFolder, 'images'), { recursive: true }).filter((name) =>
    String(name).endsWith('.png'),
  )
  const wrong = (await wrongFiles(dataFolder, rows)) + Math.abs(files.length - all.length)
  return { lost: accepted.size - drawn.size, doubled: rows.length - drawn.size, wrong }
}

/** The test engine paints the seed's last eight bits, so equal ones have equal pixels and others have not. */
async function wrongFiles(dataFolder: string, rows: readonly Row[]): Promise<number> {
  const hashes = new Map<number, string>()
  let wrong = 0
  for (const { file, seed } of rows) {
    const pixels = await sharp(join(dataFolder, 'images', file))
      .raw()
      .toBuffer()
    const sha256 = createHash('sha256').update(pixels).digest('hex')
    const kind = Number(seed) % 256
    if ((hashes.get(kind) ?? sha256) !== sha256) wrong++
    hashes.set(kind, sha256)
  }
  return wrong + hashes.size - new Set(hashes.values()).size
}
