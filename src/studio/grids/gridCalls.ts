import { randomInt, randomUUID } from 'node:crypto'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { GridInput, GridRecord, GridSummary } from '../../shared/grids/gridCalls.ts'
import { gridPlaces, type GridPlace } from '../../shared/grids/gridPlaces.ts'
import { assetPaths } from '../../shared/assetPaths.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import { whenUnlocked } from '../history/database/whenUnlocked.ts'
import { resolve, type JobParts } from '../jobs/jobCalls.ts'
import { gridCells, inOrder, type Cell } from './gridCells.ts'
import type { GridStore } from './gridStore.ts'
import { eachCell, planGrid } from './planGrid.ts'
import { readAxes } from './readGrid.ts'

export interface GridParts extends JobParts {
  gridStore: GridStore
}

const mostListed = 100
const thumbnailsShown = 4

export function gridCalls(parts: GridParts) {
  const { events, gridStore, history } = parts

  const imagesOf = (id: string): ImageRecord[] => gridStore.images(id).map((image) => history.image(image.id))

  async function stop(id: string): Promise<void> {
    for (const { jobId } of await whenUnlocked(() => gridStore.openJobs(id)))
      await Promise.resolve(jobId)
        .then(parts.queue.cancel)
        // Another studio's, or ended meanwhile.
        .catch(() => {})
  }

  return {
    planGrid: (input) => planGrid(input, parts),
    makeGrid: (input) => makeGrid(input, parts),
    grids: () => whenUnlocked(() => gridStore.newest(mostListed).map((grid) => summaryOf(grid, gridStore))),
    grid: (id) => whenUnlocked(() => ({ ...gridStore.find(id), images: imagesOf(id) })),
    async makeGridCells({ id, cells = null, isTrial = false }) {
      const [grid, busy] = await whenUnlocked(() => [gridStore.find(id), gridStore.openJobs(id)] as const)
      const wanted = cells ?? missing(grid, await whenUnlocked(() => imagesOf(id)))
      const all = gridCells(grid, isTrial ? grid.trialSteps : null)
      const free = wanted
        .flatMap((index) => all[index] ?? [])
        .filter(({ cell }) => !busy.some((job) => isAt(cell, job.cell) && job.cell.isTrial === cell.isTrial))
      await queueCells(free, grid, parts)
      return free.length
    },
    stopGrid: stop,
    async removeGrid(id) {
      await stop(id)
      await whenUnlocked(() => gridStore.remove(id))
      events.emit.gridsChanged()
    },
  } satisfies Partial<StudioCalls>
}

const isAt = (place: GridPlace, { x, y, z }: GridPlace): boolean =>
  place.x === x && place.y === y && place.z === z

/** Cells that have no picture. */
const missing = (grid: GridRecord, images: readonly ImageRecord[]): number[] =>
  gridPlaces(grid.axes).flatMap((place, index) =>
    images.some(({ request }) => isAt(place, request.grid!)) ? [] : [index],
  )

async function makeGrid(input: GridInput, parts: GridParts): Promise<GridRecord> {
  const axes = readAxes(input)
  const request = { ...input.request, batchSize: 1, seed: input.request.seed ?? randomInt(2 ** 32) }
  const { trialSteps = null } = input
  const grid = { id: randomUUID(), createdAt: Date.now(), request, axes, trialSteps }
  await queueCells(gridCells(grid, trialSteps), grid, parts, () => {
    parts.gridStore.add(grid)
    parts.events.emit.gridsChanged()
  })
  return grid
}

/** Puts cells into the queue, so ordered that the least is opened anew, once all of them are known to be well. */
async function queueCells(
  cells: readonly Cell[],
  grid: GridRecord,
  parts: GridParts,
  before: () => void = () => {},
): Promise<void> {
  const ordered = inOrder(cells)
  const resolved = await eachCell(ordered, grid, async (request) => (await resolve(parts, request)).request)
  await whenUnlocked(before)
  for (const [index, request] of resolved.entries())
    await parts.queue.enqueue(Promise.resolve({ ...request, grid: ordered[index].cell }))
}

function summaryOf(grid: GridRecord, gridStore: GridStore): GridSummary {
  const images = gridStore.images(grid.id)
  const cells = new Set(images.map(({ cell }) => cell))
  const shown = images.slice(0, thumbnailsShown)
  return { ...grid, made: cells.size, thumbnailUrls: shown.map(({ id }) => assetPaths.thumbnail(id)) }
}
