import { gridParameter, type GridChoices, type GridParameter } from '../../../shared/grids/gridParameters.ts'
import { samplers, schedules } from '../../../shared/models/samplers.ts'
import { useModels } from '../../stores/models.ts'
import { useAdapters } from '../request/adapters.ts'
import { useUpscalerOptions } from '../request/upscalerOptions.ts'

/** All values that an axis can have, where they can be listed. */
export function useGridChoices() {
  const models = useModels()
  const { loras, vaes, fits } = useAdapters()
  const { secondPass } = useUpscalerOptions()

  /** A model by its name, where no other has it. */
  const modelNames = (): string[] =>
    models.usable.map(({ id, name }) =>
      models.models.filter((other) => other.name === name).length === 1 ? name : id,
    )

  const lists: Record<GridChoices, () => string[]> = {
    models: modelNames,
    samplers: () => samplers.map(({ name }) => name).filter((name) => name !== 'Model default'),
    schedules: () => schedules.map(({ name }) => name).filter((name) => name !== 'Model default'),
    vaes: () => ['Automatic', ...vaes.value.filter(fits).map(({ name }) => name)],
    loras: () => ['None', ...loras.value.filter(fits).map(({ name }) => name)],
    styles: () => models.styles.map(({ name }) => name),
    upscalers: () => secondPass.value.filter(({ disabled }) => !disabled).map(({ value }) => value),
  }

  return (parameter: GridParameter): string[] => {
    const { choices } = gridParameter(parameter)
    return choices ? lists[choices]() : []
  }
}
