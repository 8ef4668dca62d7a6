import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { limits } from '../../../../shared/request/limits.ts'
import { batchChoices, seedConventions } from '../../../../shared/request/request.ts'
import { randomSeed, useForm } from '../../../stores/form.ts'
import { placeOf, rowsOf, share } from './rows.ts'

/** The fields that most pictures do without, in the person's language. */
export function useAdvancedRows() {
  const { t } = useI18n()
  const form = useForm()
  const place = placeOf(form)
  const openAt = (at: number) => ({ openText: t('field.auto'), openAt: at })
  return computed(() => {
    const { turbo, variationSeed } = form.request
    const ofText = { isHidden: !form.readsText }
    return rowsOf(
      {
        turbo: {
          ...{ kind: 'choice', label: t('field.turbo'), help: t('help.turbo') },
          options: (['exact', 'auto', 'turbo'] as const).map((value) => ({
            ...{ value, label: t(`turbo.${value}`) },
          })),
          value: turbo === 'auto' ? turbo : turbo ? 'turbo' : 'exact',
          set: (chosen: string) => place.write('turbo', chosen === 'auto' ? chosen : chosen === 'turbo'),
        },
        guidanceRescale: { ...share(0.05), label: t('field.rescale'), help: t('help.rescale'), ...ofText },
        clipSkip: {
          ...{ kind: 'number', label: t('field.clipSkip'), help: t('help.clipSkip'), ...ofText },
          ...{ ...limits.clipSkip, step: 1, ...openAt(1) },
        },
        eta: { ...share(0.05), label: t('field.eta'), help: t('help.eta'), ...openAt(0) },
        sChurn: {
          ...{ kind: 'number', label: t('field.sChurn'), help: t('help.sChurn') },
          ...{ min: 0, max: 100, softMax: 40, step: 1 },
        },
        rho: {
          ...{ kind: 'number', label: t('field.rho'), help: t('help.rho') },
          ...{ min: 1, max: 100, softMax: 15, step: 0.5, ...openAt(7) },
        },
        seedConvention: {
          ...{ kind: 'select', label: t('field.seedConvention'), help: t('help.seedConvention') },
          options: seedConventions.map((name) => ({ value: name, label: name })),
        },
        variationSeed: {
          ...{ kind: 'number', label: t('field.variationSeed'), help: t('help.variationSeed') },
          ...{ min: -1, max: Number.MAX_SAFE_INTEGER, softMax: 4294967295, step: 1 },
          ...{ openText: t('field.off'), openAt: 0 },
          value: variationSeed === null ? null : Number(variationSeed),
          // Other programs write -1 for a new seed.
          set: (seed: number | null) => place.write('variationSeed', seed === -1 ? randomSeed() : seed),
        },
        variationStrength: {
          ...{ ...share(0.01), label: t('field.variationStrength'), help: t('help.variationStrength') },
          isHidden: variationSeed === null,
        },
        batchChoices: {
          ...{ kind: 'choice', label: t('field.batchChoices'), help: t('help.batchChoices'), ...ofText },
          options: batchChoices.map((value) => ({ value, label: t(`batchChoices.${value}`) })),
        },
      },
      place,
    )
  })
}
