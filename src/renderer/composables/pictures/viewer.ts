import { computed, ref, shallowRef } from 'vue'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { MarkedImage } from '../../../shared/library/marks.ts'
import { withMarks } from '../../stores/library.ts'

const images = shallowRef<readonly ImageRecord[]>([])
const index = ref(0)
const isOpen = ref(false)
/** Gets the focus when the viewer closes, and is told the picture that was seen last. */
let comeBack: ((id: string | null) => void) | null = null

/** The large view of one picture among those it was opened from. */
export function useViewer() {
  const image = computed(() => images.value[index.value] ?? null)

  /** @param back see `comeBack`; from within the viewer it stays as it was */
  function openViewer(among: readonly ImageRecord[], id: string, back = comeBack): void {
    comeBack = back
    images.value = among
    index.value = Math.max(
      0,
      among.findIndex((candidate) => candidate.id === id),
    )
    isOpen.value = among.length > 0
  }

  function step(by: number): void {
    index.value = Math.max(0, Math.min(index.value + by, images.value.length - 1))
  }

  /** After the picture in view went to the trash its neighbour shows; after the last one the viewer closes. */
  function leave(id: string): void {
    images.value = images.value.filter((candidate) => candidate.id !== id)
    step(0)
    if (images.value.length === 0) isOpen.value = false
  }

  /** Answers whether the focus was taken back to where the viewer was opened. */
  function giveBack(): boolean {
    const back = comeBack
    comeBack = null
    back?.(image.value?.id ?? null)
    return back !== null
  }

  function setMarks(marked: readonly MarkedImage[]): void {
    images.value = withMarks(images.value, marked)
  }

  return { images, index, image, isOpen, openViewer, step, leave, giveBack, setMarks }
}
