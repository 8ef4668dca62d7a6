import { useI18n } from 'vue-i18n'
import {
  gridAxisNames,
  type GridAxis,
  type GridAxisName,
  type GridRecord,
} from '../../../shared/grids/gridCalls.ts'
import { gridParameter, writtenValues } from '../../../shared/grids/gridParameters.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../../shared/request/request.ts'
import { useForm } from '../../stores/form.ts'
import { useGridForm, type AxisForm } from '../../stores/gridForm.ts'
import { useToasts } from '../../stores/toasts.ts'
import { usePanels } from '../frame/panels.ts'
import { goTo } from '../frame/place.ts'

/** Fills the controls with a grid: its request and its axes. */
export function useTakenGrid(): (grid: GridRecord) => void {
  const { t } = useI18n()
  const { gridOpen } = usePanels()
  const form = useForm()
  const gridForm = useGridForm()
  const toasts = useToasts()

  return ({ request, axes, trialSteps }) => {
    // A grid may leave the size to each model.
    form.take(generationRequestSchema.parse(request) as ResolvedRequest)
    const written = gridAxisNames.map((name) => [name, axes[name] && asWritten(axes[name])])
    gridForm.take(Object.fromEntries(written) as Record<GridAxisName, AxisForm | null>, trialSteps)
    gridOpen.value = true
    toasts.show({ message: t('grid.taken') })
    goTo('create')
  }
}

/** Of every order of some texts, the texts. */
function asWritten({ parameter, values }: GridAxis): AxisForm {
  const isOrder = gridParameter(parameter).kind === 'order'
  return { parameter, values: writtenValues(isOrder ? (JSON.parse(values[0]) as string[]) : values) }
}
