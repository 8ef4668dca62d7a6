import { computed, reactive, shallowRef, type Ref } from 'vue'

/** How many strokes can be taken back. */
const longest = 40

type States = Ref<readonly ImageData[]>

/** What lay on a canvas before each stroke, to go back to and to come back from; `changed` hears of either. */
export function useSketchHistory(canvas: Readonly<Ref<HTMLCanvasElement | null>>, changed: () => void) {
  const earlier: States = shallowRef([])
  const later: States = shallowRef([])
  const context = (): CanvasRenderingContext2D =>
    canvas.value!.getContext('2d', { willReadFrequently: true })!
  const now = (): ImageData => context().getImageData(0, 0, canvas.value!.width, canvas.value!.height)

  /** To be called before a stroke. */
  function remember(): void {
    earlier.value = [...earlier.value, now()].slice(-longest)
    later.value = []
  }

  function go(from: States, to: States): void {
    const state = from.value.at(-1)
    if (!state) return
    to.value = [...to.value, now()]
    from.value = from.value.slice(0, -1)
    context().putImageData(state, 0, 0)
    changed()
  }

  function forget(): void {
    earlier.value = later.value = []
  }

  return reactive({
    canUndo: computed(() => earlier.value.length > 0),
    canRedo: computed(() => later.value.length > 0),
    undo: () => go(earlier, later),
    redo: () => go(later, earlier),
    ...{ remember, forget },
  })
}
