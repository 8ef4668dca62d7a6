import { gridAxisNames, type GridRecord } from '../shared/grids/gridCalls.ts'
import { valueLabel } from '../shared/grids/gridPlaces.ts'
import type { Job } from '../shared/queue/jobs.ts'
import type { GridCell } from '../shared/request/gridCell.ts'
import type { Studio } from '../studio/studio.ts'

/** Runs what is queued of a grid to the end, each cell told on stderr. Answers how many cells failed or were stopped. */
export async function gridToEnd(studio: Studio, queue: () => Promise<GridRecord>): Promise<number> {
  const jobs = new Map<string, Job>()
  const told = new Set<string>()
  let grid: GridRecord | null = null
  const allEnded = Promise.withResolvers<void>()
  const look = (job: Job): void => {
    if (!job.request.grid) return
    jobs.set(job.id, job)
    if (!grid) return
    for (const one of jobs.values()) tell(one, grid, [told, jobs.size])
    if ([...jobs.values()].every(({ finishedAt }) => finishedAt !== null)) allEnded.resolve()
  }
  studio.subscribe({ jobChanged: look })
  const queued = await queue()
  grid = queued
  for (const job of jobs.values()) look(job)
  if (jobs.size === 0) return 0
  process.once('SIGTERM', () => void studio.calls.stopGrid(queued.id))
  process.once('SIGINT', () => void studio.calls.stopGrid(queued.id))
  await allEnded.promise
  return [...jobs.values()].filter(({ state }) => state !== 'done').length
}

function tell(job: Job, grid: GridRecord, [told, of]: [Set<string>, number]): void {
  if (job.finishedAt === null || told.has(job.id)) return
  told.add(job.id)
  const what = job.state === 'done' ? 'done' : (job.error?.message ?? job.state)
  const took = ((job.finishedAt - (job.startedAt ?? job.finishedAt)) / 1000).toFixed(1)
  process.stderr.write(`${told.size}/${of} ${nameOf(grid, job.request.grid!)}: ${what}, ${took} s\n`)
}

/** "Steps: 20, Euler" */
const nameOf = ({ axes }: GridRecord, cell: GridCell): string =>
  gridAxisNames.flatMap((name) => (axes[name] ? [valueLabel(axes[name], cell[name])] : [])).join(', ')
