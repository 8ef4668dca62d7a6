import { useMask } from '../../stores/mask.ts'
import { useSketch } from './sketch.ts'

/** Opens what is drawn on, of which one lies beside the canvas at a time. */
export function useDrawingTools() {
  const mask = useMask()
  const { isOpen: sketching } = useSketch()
  return {
    openMask(): void {
      sketching.value = false
      mask.isOpen = true
    },
    openSketch(): void {
      mask.isOpen = false
      sketching.value = true
    },
  }
}
