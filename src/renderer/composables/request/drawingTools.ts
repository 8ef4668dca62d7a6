import { useMask } from '../../stores/mask.ts'
import { useSketch } from '../../stores/sketch.ts'

/** Opens what is drawn on, of which one lies beside the canvas at a time. */
export function useDrawingTools() {
  const mask = useMask()
  const sketch = useSketch()
  return {
    openMask(): void {
      sketch.isOpen = false
      mask.isOpen = true
    },
    openSketch(): void {
      mask.isOpen = false
      sketch.isOpen = true
    },
  }
}
