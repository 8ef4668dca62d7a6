import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { gridAxisNames, type GridAxisName, type GridInput } from '../../shared/grids/gridCalls.ts'
import { gridParameterNames, type GridParameter } from '../../shared/grids/gridParameters.ts'
import { limits } from '../../shared/request/limits.ts'
import { useForm } from './form.ts'

/** An axis as it is being written. Without a parameter it is none. */
export interface AxisForm {
  parameter: GridParameter | null
  values: string
}

interface Settings extends Record<GridAxisName, AxisForm> {
  on: boolean
  trialSteps: number | null
}

const off: Settings = {
  on: false,
  x: { parameter: null, values: '' },
  y: { parameter: null, values: '' },
  z: { parameter: null, values: '' },
  trialSteps: null,
}

const serializer = { read: readSettings, write: JSON.stringify }

/** The grid that is asked for next: its axes over the form's request. Kept over reloads. */
export const useGridForm = defineStore('gridForm', () => {
  const form = useForm()
  const settings = useLocalStorage<Settings>('latent-studio.grid', off, { serializer })

  const used = computed(() => gridAxisNames.filter((name) => settings.value[name].parameter !== null))

  /** What goes to the studio; null: no grid is asked for. */
  const input = computed((): GridInput | null => {
    if (!settings.value.on || used.value.length === 0) return null
    const axes = used.value.map((name) => [name, settings.value[name]] as const)
    return {
      request: { ...form.toRequest(), batchSize: 1 },
      ...(Object.fromEntries(axes) as Pick<GridInput, GridAxisName>),
      trialSteps: settings.value.trialSteps,
    }
  })

  function setAxis(name: GridAxisName, change: Partial<AxisForm>): void {
    settings.value = { ...settings.value, [name]: { ...settings.value[name], ...change } }
  }

  /** Takes over the axes of a grid. */
  function take(axes: Record<GridAxisName, AxisForm | null>, trialSteps: number | null): void {
    const taken = gridAxisNames.map((name) => [name, axes[name] ?? off[name]] as const)
    settings.value = {
      ...(Object.fromEntries(taken) as Record<GridAxisName, AxisForm>),
      on: true,
      trialSteps,
    }
  }

  return { settings, used, input, setAxis, take }
})

/** Reads what an earlier visit left; what is not known any more is none. */
function readSettings(text: string): Settings {
  try {
    const kept = JSON.parse(text) as Partial<Settings>
    const axes = gridAxisNames.map((name) => {
      const { parameter = null, values = '' } = kept[name] ?? off[name]
      const isKnown = parameter === null || gridParameterNames.includes(parameter)
      return [name, isKnown ? { parameter, values: String(values) } : off[name]]
    })
    const { min, max } = limits.steps
    const steps = Number(kept.trialSteps)
    const trialSteps = Number.isInteger(steps) && steps >= min && steps <= max ? steps : null
    return {
      ...(Object.fromEntries(axes) as Record<GridAxisName, AxisForm>),
      on: kept.on === true,
      trialSteps,
    }
  } catch {
    return off
  }
}
