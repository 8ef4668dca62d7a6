import { useElementSize } from '@vueuse/core'
import { computed, shallowRef, watch, type Ref } from 'vue'
import type { Point } from '../../../mask/drawing.ts'

/** What is seen of a picture: where its top left lies in the room, and how large one of its pixels is there. */
export interface View {
  x: number
  y: number
  scale: number
}

/** A part of the plane that is to be seen, in pixels of the picture. */
export interface Frame {
  left: number
  top: number
  width: number
  height: number
}

/** Room around the frame, for its handles. */
const margin = 20
const largestScale = 32

/** Looking at a frame in a room: fitted into it until a person zooms. */
export function useEditorView(room: Ref<HTMLElement | null>, frame: () => Frame) {
  const { width, height } = useElementSize(room)
  const own = shallowRef<View | null>(null)
  const fitted = computed((): View => {
    const { left, top, width: columns, height: rows } = frame()
    const room = {
      width: Math.max(1, width.value - 2 * margin),
      height: Math.max(1, height.value - 2 * margin),
    }
    const scale = Math.min(room.width / columns, room.height / rows)
    return {
      scale,
      x: (width.value - columns * scale) / 2 - left * scale,
      y: (height.value - rows * scale) / 2 - top * scale,
    }
  })
  const view = computed(() => own.value ?? fitted.value)

  /** Zooms so that what lies at a place of the room stays there. */
  function zoom(factor: number, at: Point = { x: width.value / 2, y: height.value / 2 }): void {
    const { x, y, scale } = view.value
    const zoomed = Math.min(largestScale, Math.max(fitted.value.scale / 2, scale * factor))
    const by = zoomed / scale
    own.value = { scale: zoomed, x: at.x - by * (at.x - x), y: at.y - by * (at.y - y) }
  }

  function pan(dx: number, dy: number): void {
    const { x, y, scale } = view.value
    own.value = { scale, x: x + dx, y: y + dy }
  }

  const fit = (): void => void (own.value = null)

  /** Where a place of the screen lies in the room, and in the picture. */
  function inRoom({ clientX, clientY }: { clientX: number; clientY: number }): Point {
    const { left, top } = room.value!.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  function inPicture(at: { clientX: number; clientY: number }): Point {
    const { x, y } = inRoom(at)
    return { x: (x - view.value.x) / view.value.scale, y: (y - view.value.y) / view.value.scale }
  }

  watch(() => [frame().width, frame().height].join(), fit)
  return { view, zoom, pan, fit, inRoom, inPicture }
}
export type EditorView = ReturnType<typeof useEditorView>
