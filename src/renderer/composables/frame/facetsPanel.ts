import { useMediaQuery } from '@vueuse/core'
import { computed, ref, type Ref, type WritableComputedRef } from 'vue'

/** Whether facets show: as is remembered, but where it is narrow only when asked for, as they would hide what they narrow down. */
export function useFacetsPanel(remembered: Ref<boolean>): WritableComputedRef<boolean> {
  const isNarrow = useMediaQuery('(max-width: 640px)')
  const isAskedFor = ref(false)
  return computed({
    get: () => (isNarrow.value ? isAskedFor.value : remembered.value),
    set: (open) => (isNarrow.value ? (isAskedFor.value = open) : (remembered.value = open)),
  })
}
