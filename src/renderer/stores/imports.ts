import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ImportState } from '../../shared/library/imports.ts'
import { studio } from '../studio.ts'

/** The folders of other programs' pictures, and how far they are looked through. */
export const useImports = defineStore('imports', () => {
  const state = shallowRef<ImportState>({ folders: [], phase: 'idle', done: 0, of: 0 })

  const set = (now: ImportState): void => void (state.value = now)
  const refresh = async (): Promise<void> => set(await studio.imports())

  return { state, set, refresh }
})
