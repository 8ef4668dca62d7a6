import { useEventListener } from '@vueuse/core'
import { ref } from 'vue'
import { isPageCovered } from '../frame/overlays.ts'
import { goTo, usePlace } from '../frame/place.ts'
import { useStartPicture } from './startPicture.ts'

/** Whether something that may be a picture is dragged over the window. */
const dragging = ref(false)
export const useDragging = () => ({ dragging })

/**
 * Starts from a picture that is dropped: a file wherever in the window it falls, a picture of the window itself on Create. No
 * file takes the window's place, and text is dropped into texts as everywhere.
 */
export function useDroppedPictures(): void {
  const place = usePlace()
  const start = useStartPicture()

  /** What is dragged is known by its kind alone until it is dropped. */
  function isMeant({ dataTransfer }: DragEvent): boolean {
    const kinds = dataTransfer?.types ?? []
    return kinds.includes('Files') || (place.value === 'create' && kinds.includes('text/uri-list'))
  }

  useEventListener(window, 'dragover', (event) => {
    dragging.value = isMeant(event)
    if (!dragging.value) return
    event.preventDefault()
    if (event.dataTransfer && isPageCovered()) event.dataTransfer.dropEffect = 'none'
  })
  useEventListener(window, ['dragend', 'dragleave'], (event: DragEvent) => {
    // From one element to another it stays within the window.
    if (event.type === 'dragend' || event.relatedTarget === null) dragging.value = false
  })
  useEventListener(window, 'drop', (event) => {
    dragging.value = false
    if (!isMeant(event)) return
    event.preventDefault()
    const { dataTransfer } = event
    const file = dataTransfer?.files[0]
    const url = dataTransfer?.getData('text/uri-list')
    if (isPageCovered() || (!file && !(url && isOurs(url)))) return
    goTo('create')
    void (file ? start.takeFile(file) : start.takeUrl(url!))
  })
}

/** Host by host: the origin of a page at studio:// may read as null. */
function isOurs(url: string): boolean {
  const { protocol, host } = new URL(url)
  return protocol === location.protocol && host === location.host
}
