import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { OwnedFile } from '../../shared/ownedFile.ts'
import { studio } from '../studio.ts'

/** The files of every kind in the model folders. */
export const useFiles = defineStore('files', () => {
  const files = shallowRef<OwnedFile[]>([])
  const loaded = ref(false)

  async function refresh(): Promise<void> {
    files.value = await studio.files()
    loaded.value = true
  }

  return { files, loaded, refresh }
})
