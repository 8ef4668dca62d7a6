import { useI18n } from 'vue-i18n'
import { all, isEmpty } from '../../mask/mask.ts'
import { maskToPng } from '../../mask/maskPng.ts'
import { saveFile } from '../../saveFile.ts'
import { fetchMask, useMask } from '../../stores/mask.ts'
import { useToasts } from '../../stores/toasts.ts'
import { upload } from './upload.ts'

/** A mask as a picture file, white where it is painted: taken from one as a change that can be undone, and given as one. */
export function useMaskFiles() {
  const { t } = useI18n()
  const mask = useMask()
  const toasts = useToasts()

  const load = (file: Blob): Promise<void> =>
    toasts.attempt(async () => {
      const taken = await upload(file)
      const over = mask.mask
      if (!over) return
      const loaded = await fetchMask(taken.id, over)
      if (mask.mask !== over) return
      if (isEmpty(loaded)) return toasts.show({ message: t('mask.nothingWhite') })
      mask.change((on) => {
        on.data.set(loaded.data)
        return all(on)
      })
      if (taken.width * over.height !== taken.height * over.width)
        toasts.show({ message: t('mask.stretched', { from: sizeOf(taken), to: sizeOf(over) }) })
    })

  async function save(): Promise<void> {
    if (mask.mask) saveFile('mask.png', await maskToPng(mask.mask))
  }

  return { load, save }
}

const sizeOf = ({ width, height }: { width: number; height: number }): string => `${width} × ${height}`
