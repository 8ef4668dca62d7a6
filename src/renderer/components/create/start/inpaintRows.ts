import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { inpaintAreas, inpaintSchema, maskedContents } from '../../../../shared/request/inpaint.ts'
import { limits } from '../../../../shared/request/limits.ts'
import { useForm } from '../../../stores/form.ts'
import { placeIn, rowsOf } from '../fields/rows.ts'

const usual = inpaintSchema.parse({})

/** How what the mask shows is painted, in the person's language. */
export function useInpaintRows() {
  const { t } = useI18n()
  const form = useForm()
  return computed(() => {
    const inpaint = form.request.inpaint ?? usual
    const place = placeIn(inpaint, usual, (changed) => {
      form.request = { ...form.request, inpaint: { ...inpaint, ...changed } }
    })
    return rowsOf(
      {
        area: {
          ...{ kind: 'choice', label: t('mask.areaLabel'), help: t('mask.areaHelp') },
          options: inpaintAreas.map((value) => ({ value, label: t(`mask.area.${value}`) })),
        },
        padding: {
          ...{ kind: 'number', label: t('mask.padding'), help: t('mask.paddingHelp') },
          ...{ min: 0, max: limits.maskPadding.max, step: 4, isHidden: inpaint.area !== 'masked' },
        },
        content: {
          ...{ kind: 'select', label: t('mask.contentLabel'), help: t('mask.contentHelp') },
          options: maskedContents.map((value) => ({
            ...{ value, label: t(`mask.content.${value}`), note: t(`mask.contentNote.${value}`) },
          })),
        },
        maskBlur: {
          ...{ kind: 'number', label: t('mask.blur'), help: t('mask.blurHelp') },
          ...{ min: 0, max: limits.maskBlur.max, step: 1 },
        },
        soft: {
          ...{ kind: 'choice', label: t('mask.edgesLabel'), help: t('mask.edgesHelp') },
          options: (['hard', 'soft'] as const).map((value) => ({ value, label: t(`mask.edges.${value}`) })),
          value: inpaint.soft ? 'soft' : 'hard',
          set: (edge: string) => place.write('soft', edge === 'soft'),
        },
      },
      place,
    )
  })
}
