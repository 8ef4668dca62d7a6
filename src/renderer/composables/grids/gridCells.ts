import { computed, ref, type ComputedRef } from 'vue'
import type { GridWithImages } from '../../../shared/grids/gridCalls.ts'
import { cellImages, gridIndex, gridPlaces, type GridPlace } from '../../../shared/grids/gridPlaces.ts'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { Job } from '../../../shared/queue/jobs.ts'
import { useJobs } from '../../stores/jobs.ts'

/** A cell as it shows. */
export interface ShownCell {
  index: number
  place: GridPlace
  image: ImageRecord | null
  /** What is being made of it, or why it could not be. */
  job: Job | null
  /** It is not there in all its steps, and nothing is on the way. */
  isOpen: boolean
}

const stateOrder: readonly Job['state'][] = ['running', 'paused', 'queued', 'failed']

/** The cells of a grid, with what is there and what is on the way. */
export function useGridCells(grid: ComputedRef<GridWithImages | null>) {
  const jobs = useJobs()
  const picks = ref<ReadonlySet<number>>(new Set())

  /** Jobs of this grid that have not ended, or failed. */
  const own = computed(() =>
    jobs.jobs.filter(
      ({ request, state }) => request.grid?.id === grid.value?.id && stateOrder.includes(state),
    ),
  )
  const jobOfCell = computed(() => {
    const found = new Map<number, Job>()
    const byState = own.value.toSorted((a, b) => stateOrder.indexOf(b.state) - stateOrder.indexOf(a.state))
    if (grid.value) for (const job of byState) found.set(gridIndex(grid.value.axes, job.request.grid!), job)
    return found
  })
  const cells = computed((): ShownCell[] => {
    if (!grid.value) return []
    const { axes, images } = grid.value
    const shown = cellImages(axes, images)
    return gridPlaces(axes).map((place, index) => {
      const image = shown[index] ?? null
      const job = newerThan(image, jobOfCell.value.get(index) ?? null)
      const isWhole = image !== null && !image.request.grid!.isTrial
      return { index, place, image, job, isOpen: !isWhole && (job === null || job.state === 'failed') }
    })
  })

  const waiting = computed(() => own.value.filter(({ state }) => state !== 'failed'))
  const made = computed(() => cells.value.filter(({ image }) => image !== null))
  const missing = computed(() => cells.value.filter(({ image, isOpen }) => image === null && isOpen))
  const open = computed(() => cells.value.filter(({ isOpen }) => isOpen))
  /** Those picked that can still be made. */
  const picked = computed(() => open.value.filter(({ index }) => picks.value.has(index)))

  /** What is left, in ms, as long as the pictures of this grid took; null before the first. */
  const leftMs = computed(() => {
    const times = grid.value?.images.map(({ timings }) => timings.total) ?? []
    if (times.length === 0 || waiting.value.length === 0) return null
    return (waiting.value.length * times.reduce((a, b) => a + b)) / times.length
  })

  function toggle(index: number): void {
    const now = new Set(picks.value)
    if (!now.delete(index)) now.add(index)
    picks.value = now
  }

  return { cells, picks, picked, open, waiting, made, missing, leftMs, toggle }
}

/** A job that failed before the picture was made has nothing more to say. */
const newerThan = (image: ImageRecord | null, job: Job | null): Job | null =>
  image && job?.state === 'failed' && (job.finishedAt ?? 0) < image.createdAt ? null : job
