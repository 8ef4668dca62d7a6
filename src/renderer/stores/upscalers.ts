import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { UpscalerRecord } from '../../shared/models/upscalers.ts'
import { studio } from '../studio.ts'

/** What can enlarge a finished picture. */
export const useUpscalers = defineStore('upscalers', () => {
  const upscalers = shallowRef<UpscalerRecord[]>([])

  async function refresh(): Promise<void> {
    upscalers.value = await studio.upscalers()
  }

  return { upscalers, refresh }
})
