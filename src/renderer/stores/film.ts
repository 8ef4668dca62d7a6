import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ImageRecord } from '../../shared/library/history.ts'
import { studio } from '../studio.ts'

const filmLength = 60

/** The newest pictures that were made here, newest first: the film below the canvas. */
export const useFilm = defineStore('film', () => {
  const images = shallowRef<ImageRecord[]>([])
  const loaded = shallowRef(false)

  async function refresh(): Promise<void> {
    images.value = (await studio.history({ search: '-is:imported', limit: filmLength })).items
    loaded.value = true
  }

  function add(image: ImageRecord): void {
    images.value = [image, ...images.value.filter(({ id }) => id !== image.id)].slice(0, filmLength)
  }

  /** Takes pictures out at once, before the studio has confirmed. */
  function drop(ids: readonly string[]): void {
    images.value = images.value.filter(({ id }) => !ids.includes(id))
  }

  return { images, loaded, refresh, add, drop }
})
