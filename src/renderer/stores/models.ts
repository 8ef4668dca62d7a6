import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Style } from '../../shared/calls/contract.ts'
import type { ModelRecord } from '../../shared/models/models.ts'
import { studio } from '../studio.ts'

/** The models the studio found, with what it knows of each. */
export const useModels = defineStore('models', () => {
  const models = shallowRef<ModelRecord[]>([])
  const loaded = ref(false)
  const scanning = ref(false)
  /** Texts to put around prompts, from the data folder's styles.csv. */
  const styles = shallowRef<Style[]>([])

  const usable = computed(() => models.value.filter(({ info }) => info !== null))
  const byId = (id: string): ModelRecord | null =>
    models.value.find((model) => model.id === id || model.formerId === id) ?? null

  function set(list: ModelRecord[]): void {
    models.value = list
    loaded.value = true
  }

  async function readStyles(): Promise<void> {
    styles.value = await studio.styles()
  }

  async function refresh(): Promise<void> {
    const [list] = await Promise.all([studio.models(), readStyles()])
    set(list)
  }

  async function rescan(): Promise<void> {
    scanning.value = true
    set(await studio.rescanModels().finally(() => (scanning.value = false)))
  }

  return { models, loaded, scanning, styles, usable, byId, set, refresh, readStyles, rescan }
})
