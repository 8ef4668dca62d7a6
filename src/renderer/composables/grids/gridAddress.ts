import { useEventListener } from '@vueuse/core'
import { computed, ref } from 'vue'

/** Grids have addresses below the Library's: `#library/grids`, and `#library/grids/ID` for one. */
const hash = ref('')

export function useGridAddress() {
  useEventListener(window, 'hashchange', () => (hash.value = location.hash))
  hash.value = location.hash
  return {
    /** Whether the grids show in the place of the pictures. */
    isGrids: computed(() => /^#library\/grids(\/|$)/.test(hash.value)),
    /** The grid that shows; null: the list of them. */
    gridId: computed(() => /^#library\/grids\/([\w-]+)$/.exec(hash.value)?.[1] ?? null),
  }
}

export const gridAddress = (id?: string): string => `#library/grids${id === undefined ? '' : `/${id}`}`

/** Shows a grid, or the list of them. */
export function goToGrid(id?: string): void {
  location.hash = gridAddress(id)
}
