import { defineStore } from 'pinia'
import { useLocalStorage } from '@vueuse/core'
import { ref } from 'vue'
import { settingsSchema, type Settings } from '../../shared/settings.ts'
import { studio } from '../studio.ts'

/** The studio's settings. The last known ones are kept, so that the first paint has the right theme and language. */
export const useSettings = defineStore('settings', () => {
  const settings = useLocalStorage<Settings>('latent-studio.settings', settingsSchema.parse({}), {
    mergeDefaults: true,
  })

  /** Whether the studio has told them. */
  const loaded = ref(false)

  function set(changed: Settings): void {
    settings.value = changed
    loaded.value = true
  }

  async function refresh(): Promise<void> {
    set(await studio.settings())
  }

  async function change(change: Partial<Settings>): Promise<void> {
    set(await studio.changeSettings(change))
  }

  return { settings, loaded, set, refresh, change }
})
