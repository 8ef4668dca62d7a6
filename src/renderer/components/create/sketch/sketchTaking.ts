import { useThrottleFn } from '@vueuse/core'
import { useSketch } from '../../../stores/sketch.ts'
import { useStartPicture } from '../../../stores/startPicture.ts'

/** Ms between two looks at a stroke that goes on. */
const strokePace = 150

/** Makes what is on the paper the picture to start from: one taking at a time, so that the last stroke is taken last. */
export function useSketchTaking(toBlob: () => Promise<Blob | null>) {
  const pad = useSketch()
  const { takeSketch } = useStartPicture()
  let taking = false
  let changed = false

  async function take(): Promise<void> {
    changed = true
    if (taking) return
    taking = true
    while (changed && pad.isOpen) {
      changed = false
      const sketch = await toBlob()
      if (sketch) await takeSketch(sketch)
    }
    taking = false
  }

  return { take, takeWhileDrawing: useThrottleFn(take, strokePace, true) }
}
