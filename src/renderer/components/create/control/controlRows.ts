import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { OwnedFile } from '../../../../shared/models/ownedFile.ts'
import {
  controlModes,
  preprocessorNames,
  preprocessors,
  type ControlRequest,
} from '../../../../shared/request/controls.ts'
import { sameFileName } from '../../../../shared/request/usedFiles.ts'
import { placeIn, rowsOf, share, type FieldDescription } from '../fields/rows.ts'

interface Steered {
  control: ControlRequest
  networks: readonly OwnedFile[]
}
type Change = (changed: Partial<ControlRequest>) => void

/** How a picture steers the drawing, in the person's language and in the order of the form. */
export function useControlRows(props: Steered, change: Change) {
  const { t } = useI18n()
  const words = (name: string) => ({ label: t(`control.${name}`), help: t(`control.${name}Help`) })
  const networks = useNetworks(props)
  const settings = useSettingRows(props, change)

  return computed(() => {
    const { control } = props
    const { start, end } = control
    const usual = { ...control, preprocessor: 'none', weight: 1, start: 0, end: 1, mode: 'balanced' } as const
    const place = placeIn<ControlRequest>(control, usual, change)
    const { model, preprocessor, ...strength } = rowsOf(
      {
        model: {
          ...{ kind: 'select', ...words('model'), options: networks.value },
          value: networks.value.find(({ value }) => sameFileName(value, control.model))!.value,
          set: (name: string) => change({ model: name }),
        },
        preprocessor: {
          ...{ kind: 'select', ...words('preprocessor') },
          options: preprocessorNames.map((value) => ({
            ...{ value, label: t(`control.preprocessors.${value}`) },
          })),
        },
        weight: { ...share(0.05), ...words('weight'), max: 2 },
        // What is dragged past the other end takes it along.
        start: {
          ...{ ...share(0.05), ...words('start'), value: start },
          set: (from: number) => change({ start: from, end: Math.max(from, end) }),
        },
        end: {
          ...{ ...share(0.05), ...words('end'), value: end },
          set: (until: number) => change({ end: until, start: Math.min(until, start) }),
        },
        mode: {
          ...{ kind: 'choice', ...words('mode') },
          options: controlModes.map((value) => ({ value, label: t(`control.modes.${value}`) })),
        },
      },
      place,
    )
    return { model, preprocessor, ...settings.value, ...strength }
  })
}

/** The networks that can be used, and the one that is chosen though it is not here. */
function useNetworks(props: Steered) {
  const { t } = useI18n()
  return computed(() => {
    const { model } = props.control
    const there = props.networks.map(({ name }) => ({ value: name, label: name }))
    const isThere = there.some(({ value }) => sameFileName(value, model))
    return isThere ? there : [{ value: model, label: model, note: t('control.gone') }, ...there]
  })
}

/** The numbers of the preprocessor that is chosen. */
function useSettingRows(props: Steered, change: Change) {
  const { t } = useI18n()
  return computed(() => {
    const { preprocessor, settings } = props.control
    const ranges = Object.entries<{ min: number; max: number; default: number }>(preprocessors[preprocessor])
    const fields = ranges.map(([name, { min, max }]): [string, FieldDescription] => [
      name,
      {
        ...{ kind: 'number', label: t(`control.settings.${name}`), min, max },
        step: name === 'sigma' ? 0.5 : 1,
      },
    ])
    const usual = Object.fromEntries(ranges.map(([name, range]) => [name, range.default]))
    const place = placeIn<Record<string, number>>(settings, usual, (changed) =>
      change({ settings: { ...settings, ...(changed as Record<string, number>) } }),
    )
    return rowsOf(Object.fromEntries(fields), place)
  })
}
