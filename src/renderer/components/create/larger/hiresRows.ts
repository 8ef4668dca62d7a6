import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Hires } from '../../../../shared/request/passes.ts'
import { limits } from '../../../../shared/request/limits.ts'
import { samplers, schedules } from '../../../../shared/models/samplers.ts'
import { usualHires } from '../../../stores/larger.ts'
import { useForm } from '../../../stores/form.ts'
import { placeIn, rowsOf, share, type Line } from '../fields/rows.ts'

const same = 'same'
/** What a second pass does otherwise than the first, in the person's language. What is left open is as there. */
export function useHiresRows(hires: () => Hires, change: (changed: Partial<Hires>) => void) {
  const { t } = useI18n()
  const form = useForm()
  const words = (field: string) => ({ label: t(`larger.${field}`), help: t(`larger.help.${field}`) })
  const asFirst = (at: number) => ({ openText: t('larger.same'), openAt: at })

  return computed(() => {
    const { steps, scale, width, height } = hires()
    const place = placeIn(hires(), usualHires, change)
    const sideOf = (name: 'width' | 'height') => ({
      ...{ kind: 'number' as const, label: t(`larger.${name}`), help: t('larger.help.size') },
      ...{ min: limits.hiresSize.min, max: limits.size.max, step: limits.size.multipleOf },
      ...{ openText: t(`field.${name}`), openAt: (form[name] ?? limits.hiresSize.min) * scale },
    })
    /** A sampler or a schedule of its own, or that of the first pass. */
    const methodOf = (name: 'sampler' | 'schedule', names: readonly { name: string }[]) => ({
      ...{ kind: 'select' as const, ...words(name) },
      options: [
        { value: same, label: t('larger.same') },
        ...names.map(({ name }) => ({ value: name, label: name })),
      ],
      value: hires()[name] ?? same,
      set: (chosen: string) => place.write(name, chosen === same ? null : chosen),
    })
    return {
      size: {
        ...{ ...words('size'), changed: width !== null || height !== null },
        reset: () => change({ width: null, height: null }),
      } satisfies Line,
      ...rowsOf(
        {
          scale: {
            ...{ kind: 'number', ...words('scale') },
            ...{ ...limits.upscale, softMax: 4, step: 0.05 },
          },
          width: sideOf('width'),
          height: sideOf('height'),
          steps: {
            ...{ kind: 'number', ...words('steps'), ...asFirst(form.request.steps) },
            ...{ min: 1, max: limits.steps.max, softMax: 60, step: 1 },
            ...{ value: steps || null, set: (count: number | null) => place.write('steps', count) },
          },
          denoiseStrength: { ...share(0.01), ...words('denoiseStrength') },
          guidanceScale: {
            ...{ kind: 'number', ...words('guidanceScale'), ...asFirst(form.request.guidanceScale) },
            ...{ ...limits.guidanceScale, softMax: 15, step: 0.1, isHidden: !form.readsText },
          },
          sampler: methodOf('sampler', samplers),
          schedule: methodOf('schedule', schedules),
        },
        place,
      ),
    }
  })
}
