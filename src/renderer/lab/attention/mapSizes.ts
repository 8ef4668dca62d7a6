import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { SeenAttention } from '../maths/attentionMaps.ts'

/** The sizes that maps have, and the one that is shown. */
export function useMapSizes({
  seen,
  settings,
}: {
  seen: Ref<SeenAttention | null>
  /** See the page's experiment. */
  settings: { size: string }
}) {
  const { t } = useI18n()
  const names = computed(() => seen.value?.sizes.map(({ width, height }) => `${width} × ${height}`) ?? [])
  /** null: all of them on the mean. */
  const index = computed(() => {
    const found = names.value.indexOf(settings.size)
    return found === -1 ? null : found
  })
  const size = computed(() => seen.value?.sizes[index.value ?? 0] ?? { width: 1, height: 1 })
  const options = computed(() => [
    { value: 'all', label: t('lab.attention.allSizes') },
    ...names.value.map((name) => ({ value: name, label: name })),
  ])
  return { names, index, size, options }
}
