import { useI18n } from 'vue-i18n'
import type { Edit } from '../../../shared/request/edit.ts'

/** What was done to a picture, in few words. */
export function useEditWords() {
  const { t } = useI18n()

  function sayEdit({ turns, straighten, crop, levels }: Edit): string {
    return [
      ...(turns > 0 ? [t('edit.turned', { degrees: turns * 90 })] : []),
      ...(straighten !== 0 ? [t('edit.straightened', { degrees: straighten })] : []),
      ...(crop ? [t('edit.cropped', { ...crop })] : []),
      ...(levels ? [t('edit.toned', { ...levels })] : []),
    ].join(' · ')
  }

  return { sayEdit }
}
