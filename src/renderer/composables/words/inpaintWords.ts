import { useI18n } from 'vue-i18n'
import type { Inpaint } from '../../../shared/request/inpaint.ts'
import { sides } from '../../mask/outpaint.ts'

/** How a part was painted, in few words. */
export function useInpaintWords() {
  const { t } = useI18n()

  function sayInpaint({ area, padding, content, maskBlur, soft, outpaint }: Inpaint): string {
    const added = sides.filter((side) => outpaint && outpaint[side] > 0)
    return [
      t(`mask.area.${area}`),
      ...(area === 'masked' ? [`${t('mask.padding')} ${padding}`] : []),
      t(`mask.content.${content}`),
      `${t('mask.blur')} ${maskBlur}`,
      ...(soft ? [t('mask.edges.soft')] : []),
      ...added.map((side) => `${t(`mask.edge.${side}`)} ${outpaint![side]}`),
    ].join(' · ')
  }

  return { sayInpaint }
}
