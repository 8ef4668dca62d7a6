import { similarTo } from '../../../shared/pictureQuery/editQuery.ts'
import { useLibrary } from '../../stores/library.ts'
import { useToasts } from '../../stores/toasts.ts'
import { goTo } from '../frame/place.ts'
import { useViewer } from '../../stores/viewer.ts'

/** Pictures at once; more are no question any more. */
export const mostAsked = 10

/** Shows the pictures of the library that look like some. */
export function useSimilar() {
  const library = useLibrary()
  const toasts = useToasts()
  const viewer = useViewer()

  function showSimilar(ids: readonly string[]): void {
    viewer.isOpen = false
    goTo('library')
    void toasts.attempt(() => library.show({ search: similarTo(ids.slice(0, mostAsked)), trashed: false }))
  }

  return { showSimilar }
}
