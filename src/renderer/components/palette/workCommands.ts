import { computed, type ComputedRef } from 'vue'
import type { Preset } from '../../../shared/calls/promptCalls.ts'
import { useApplyPreset } from '../../composables/request/presets.ts'
import { modelTitle } from '../../composables/words/modelTitle.ts'
import { goTo } from '../../composables/frame/place.ts'
import { useFilm } from '../../stores/film.ts'
import { useForm } from '../../stores/form.ts'
import { useKept } from '../../stores/kept.ts'
import { useModels } from '../../stores/models.ts'
import type { Command } from './commands.ts'

/** What the next picture is made with: the models there are, settings kept by name, and the prompts of the newest pictures. */
export function useWorkCommands(): ComputedRef<Command[]> {
  const film = useFilm()
  const form = useForm()
  const kept = useKept()
  const models = useModels()
  const applyPreset = useApplyPreset()

  function chooseModel(id: string): void {
    form.chooseModel(id)
    goTo('create')
  }

  function takePreset(preset: Preset): void {
    applyPreset(preset)
    goTo('create')
  }

  function takePrompt(prompt: string): void {
    form.request = { ...form.request, prompt }
    goTo('create')
  }

  const prompts = computed(() => [
    ...new Set(film.images.map(({ request }) => request.prompt).filter(Boolean)),
  ])
  return computed(() => [
    ...models.usable.map((model) => ({
      id: `model-${model.id}`,
      group: 'models' as const,
      title: modelTitle(model),
      also: model.name,
      isCurrent: form.model?.id === model.id,
      run: () => chooseModel(model.id),
    })),
    ...kept.kept.presets.map((preset) => ({
      id: `preset-${preset.name}`,
      group: 'presets' as const,
      title: preset.name,
      run: () => takePreset(preset),
    })),
    ...prompts.value.map((prompt) => ({
      id: `prompt-${prompt}`,
      group: 'prompts' as const,
      title: prompt,
      run: () => takePrompt(prompt),
    })),
  ])
}
