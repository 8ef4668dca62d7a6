import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ModelRecord } from '../../shared/contract.ts'
import { studio } from '../studio.ts'

/** The models the studio found, with what it knows of each. */
export const useModels = defineStore('models', () => {
  const models = shallowRef<ModelRecord[]>([])
  const loaded = ref(false)
  const scanning = ref(false)

  const usable = computed(() => models.value.filter(({ info }) => info !== null))
  const byId = (id: string): ModelRecord | null => models.value.find((model) => model.id === id) ?? null

  function set(list: ModelRecord[]): void {
    models.value = list
    loaded.value = true
  }

  async function refresh(): Promise<void> {
    set(await studio.models())
  }

  async function rescan(): Promise<void> {
    scanning.value = true
    set(await studio.rescanModels().finally(() => (scanning.value = false)))
  }

  return { models, loaded, scanning, usable, byId, set, refresh, rescan }
})
