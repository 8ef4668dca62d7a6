import { computed, watch } from 'vue'
import { useForm } from '../stores/form.ts'
import { useModels } from '../stores/models.ts'

/**
 * The model that `settings.model` names, the one that pictures are made with where it names none, and that one from then
 * on. `gone` is what it names when there is no such model: the one that pictures are made with takes its place.
 */
export function useChosenModel(settings: () => { model: string }) {
  const form = useForm()
  const models = useModels()
  const named = computed(() => models.byId(settings().model))
  watch(
    () => [settings().model, form.model?.id] as const,
    ([chosen, usual]) => {
      if (chosen === '' && usual !== undefined) settings().model = usual
    },
    { immediate: true },
  )
  const model = computed(() => named.value ?? form.model)
  const gone = computed(() => (models.loaded && named.value === null ? settings().model : ''))
  return { model, gone }
}
