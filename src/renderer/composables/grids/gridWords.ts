import { useI18n } from 'vue-i18n'
import { gridAxisNames, type GridAxes, type GridAxisName } from '../../../shared/grids/gridCalls.ts'
import { valueLabel } from '../../../shared/grids/gridPlaces.ts'

/** What stands on and above a grid. */
export function useGridWords() {
  const { t } = useI18n()

  /** "Steps × Sampler" */
  const changes = (axes: GridAxes): string =>
    gridAxisNames
      .flatMap((name) => (axes[name] ? [t(`grid.parameters.${axes[name].parameter}`)] : []))
      .join(' × ')

  function label(axes: GridAxes, name: GridAxisName, index: number): string {
    const axis = axes[name]
    return axis ? valueLabel(axis, index, t(`grid.parameters.${axis.parameter}`)) : ''
  }

  /** "Steps: 20 · Euler" */
  const cell = (axes: GridAxes, place: Record<GridAxisName, number>): string =>
    gridAxisNames.flatMap((name) => (axes[name] ? [label(axes, name, place[name])] : [])).join(' · ')

  return { changes, label, cell }
}
