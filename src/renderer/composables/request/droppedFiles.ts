import { useEventListener } from '@vueuse/core'
import { ref } from 'vue'
import { isPageCovered } from '../frame/overlays.ts'
import { goTo, usePlace } from '../frame/place.ts'
import { isPromptList, usePromptLists } from './promptLists.ts'
import { useStartPicture } from '../../stores/startPicture.ts'

/** Whether something that may be a picture is dragged over the window. */
const dragging = ref(false)
export const useDragging = () => ({ dragging })

/**
 * Starts from a picture that is dropped: a file wherever in the window it falls, a picture of the window itself on Create. Lists
 * of tags and the like are taken in. No file takes the window's place, and text is dropped into texts as everywhere.
 */
export function useDroppedFiles(): void {
  const place = usePlace()
  const start = useStartPicture()
  const { takeLists } = usePromptLists()

  /** What is dragged is known by its kind alone until it is dropped. */
  function isMeant({ dataTransfer }: DragEvent): boolean {
    const kinds = dataTransfer?.types ?? []
    return kinds.includes('Files') || (place.value === 'create' && kinds.includes('text/uri-list'))
  }

  useEventListener(window, 'dragover', (event) => {
    const isOurs = isMeant(event)
    dragging.value = isOurs && !isText(event)
    if (!isOurs) return
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
    const files = [...(dataTransfer?.files ?? [])]
    const lists = files.filter(isPromptList)
    const file = files.find((each) => !isPromptList(each))
    const url = dataTransfer?.getData('text/uri-list')
    if (isPageCovered()) return
    void takeLists(lists)
    if (!file && !(url && isOfWindow(url))) return
    goTo('create')
    void (file ? start.takeFile(file) : start.takeUrl(url!))
  })
}

/** Whether files that are dragged tell that they are texts. */
const isText = ({ dataTransfer }: DragEvent): boolean =>
  [...(dataTransfer?.items ?? [])].some(({ kind, type }) => kind === 'file' && type.startsWith('text/'))

/** Host by host: the origin of a page at studio:// may read as null. */
function isOfWindow(url: string): boolean {
  const { protocol, host } = new URL(url)
  return protocol === location.protocol && host === location.host
}
