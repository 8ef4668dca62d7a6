import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ImageRecord } from '../../shared/library/history.ts'

export const compareModes = ['slider', 'side', 'blink', 'difference'] as const
export type CompareMode = (typeof compareModes)[number]

export const mostCompared = 8

/** Pictures held against each other over the whole window. */
export const useCompare = defineStore('compare', () => {
  const images = shallowRef<readonly ImageRecord[]>([])
  const isOpen = ref(false)
  const mode = ref<CompareMode>('slider')

  /** More than two show side by side. */
  function compare(wanted: readonly ImageRecord[]): void {
    if (wanted.length < 2) return
    images.value = wanted.slice(0, mostCompared)
    if (wanted.length > 2) mode.value = 'side'
    isOpen.value = true
  }
  return { images, isOpen, mode, compare }
})
