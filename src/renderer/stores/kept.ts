import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Kept } from '../../shared/calls/promptCalls.ts'
import { studio } from '../studio.ts'

/** What a person keeps by name: presets of settings, and prompts. */
export const useKept = defineStore('kept', () => {
  const kept = shallowRef<Kept>({ presets: [], prompts: [] })

  const set = (now: Kept): void => void (kept.value = now)
  const refresh = async (): Promise<void> => set(await studio.kept())

  return { kept, set, refresh }
})
