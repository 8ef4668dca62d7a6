import { isPageCovered } from '../../../composables/frame/overlays.ts'
import { usePictureActions } from '../../../composables/pictures/pictureActions.ts'
import { useShortcuts } from '../../../keys/bind.ts'
import { useStage } from '../../../stores/stage.ts'

/** Copies and saves the picture on the canvas by keys. */
export function useStageKeys(): void {
  const stage = useStage()
  const { copyPicture, savePicture } = usePictureActions()
  useShortcuts({
    /** Where text is chosen or typed the key is that text's. */
    copyPicture({ target }) {
      const isText = (target as HTMLElement).matches('input, textarea') || String(getSelection()) !== ''
      if (!stage.image || isText || isPageCovered()) return false
      void copyPicture(stage.image.id)
      return true
    },
    savePicture() {
      if (!stage.image || isPageCovered()) return false
      savePicture(stage.image.id)
      return true
    },
  })
}
