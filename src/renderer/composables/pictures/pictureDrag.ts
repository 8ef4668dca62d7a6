import type { ImageRecord } from '../../../shared/library/history.ts'
import { useConnection } from '../../stores/connection.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'

/** Drags a picture's file out of the window: by the system where there is a desktop, else as browsers do it. */
export function usePictureDrag() {
  const connection = useConnection()
  const toasts = useToasts()

  function dragOut(event: DragEvent, image: ImageRecord): void {
    if (connection.status?.hasDesktop) {
      event.preventDefault()
      void toasts.attempt(() => studio.dragOut(image.id))
      return
    }
    const address = new URL(image.url, location.href).href
    event.dataTransfer?.setData('DownloadURL', `image/png:${image.id}.png:${address}`)
    event.dataTransfer?.setData('text/uri-list', address)
  }

  return { dragOut }
}
