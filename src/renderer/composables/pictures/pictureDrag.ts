import type { ImageRecord } from '../../../shared/library/history.ts'
import { useConnection } from '../../stores/connection.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'

/**
 * Drags pictures out of the window as their files: by the system where there is a desktop, else as browsers do it, which carry
 * the one that was taken hold of alone.
 */
export function usePictureDrag() {
  const connection = useConnection()
  const toasts = useToasts()

  function dragOut(event: DragEvent, image: ImageRecord, ids: readonly string[] = [image.id]): void {
    if (connection.status?.hasDesktop) {
      event.preventDefault()
      void toasts.attempt(() => studio.dragOut([...ids]))
      return
    }
    const address = new URL(image.url, location.href).href
    event.dataTransfer?.setData('DownloadURL', `image/png:${image.id}.png:${address}`)
    event.dataTransfer?.setData('text/uri-list', address)
  }

  return { dragOut }
}
