import { until } from '@vueuse/core'
import { onMounted, readonly, ref, type Ref } from 'vue'
import { useModels } from '../../stores/models.ts'

/** Ms after which nothing is waited for any more. */
const patience = 1000

/** Becomes true once the first page can be used and has nothing to do: what is not on it can be loaded then. */
export function useRestingPage(): Readonly<Ref<boolean>> {
  const models = useModels()
  const isResting = ref(false)
  const rest = (): void => void (isResting.value = true)
  onMounted(async () => {
    await until(() => models.loaded).toBe(true, { timeout: patience })
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(rest, { timeout: patience })
    else setTimeout(rest)
  })
  return readonly(isResting)
}
