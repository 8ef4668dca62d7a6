import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ImageRecord } from '../../shared/library/history.ts'

/** The picture that is turned, cut and toned, over the whole window. */
export const useEditor = defineStore('editor', () => {
  const image = shallowRef<ImageRecord | null>(null)
  const isOpen = ref(false)

  function openEditor(wanted: ImageRecord): void {
    image.value = wanted
    isOpen.value = true
  }
  return { image, isOpen, openEditor }
})
