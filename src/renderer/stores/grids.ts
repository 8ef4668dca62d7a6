import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { GridSummary, GridWithImages } from '../../shared/grids/gridCalls.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import { studio } from '../studio.ts'

/** The grids that were made, and the one that is looked at. */
export const useGrids = defineStore('grids', () => {
  const grids = shallowRef<GridSummary[]>([])
  const loaded = ref(false)
  const opened = shallowRef<GridWithImages | null>(null)
  /** The one that shall be open; an answer for another comes too late. */
  let wanted: string | null = null

  async function refresh(): Promise<void> {
    grids.value = await studio.grids()
    loaded.value = true
  }

  async function open(id: string): Promise<void> {
    if (opened.value?.id !== id) opened.value = null
    wanted = id
    const answer = await studio.grid(id)
    if (wanted === id) opened.value = answer
  }

  function close(): void {
    wanted = null
    opened.value = null
  }

  /** Asks again for what is looked at. */
  async function lookAgain(): Promise<void> {
    if (wanted !== null) await open(wanted)
    else if (loaded.value) await refresh()
  }

  function add(image: ImageRecord): void {
    const grid = opened.value
    if (grid && image.request.grid?.id === grid.id)
      opened.value = { ...grid, images: [...grid.images.filter(({ id }) => id !== image.id), image] }
  }

  return { grids, loaded, opened, refresh, open, close, lookAgain, add }
})
