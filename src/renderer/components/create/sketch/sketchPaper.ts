import type { Ref } from 'vue'
import type { ResizeMode } from '../../../../shared/request/request.ts'
import { paintStroke, paper, type Stroke } from './paints.ts'

/** The paper of the sketch pad, by places in pixels of the picture. */
export function useSketchPaper(canvas: Readonly<Ref<HTMLCanvasElement | null>>) {
  const context = (): CanvasRenderingContext2D =>
    canvas.value!.getContext('2d', { willReadFrequently: true })!

  function fill(): void {
    const { width, height } = canvas.value!
    context().fillStyle = paper
    context().fillRect(0, 0, width, height)
  }

  /** Lays a picture onto the paper, brought to its shape as a starting picture is: see `readPicture` in the studio. */
  async function lay(url: string, mode: ResizeMode): Promise<void> {
    const image = new Image()
    image.src = url
    await image.decode()
    const { naturalWidth: columns, naturalHeight: rows } = image
    const { width, height } = canvas.value!
    const [across, down] = [width / columns, height / rows]
    const scales = { crop: Math.max(across, down), fit: Math.min(across, down), stretch: null }
    const [w, h] = [columns * (scales[mode] ?? across), rows * (scales[mode] ?? down)]
    const [x, y] = [(width - w) / 2, (height - h) / 2]
    context().drawImage(image, x, y, w, h)
    if (x > 0) {
      context().drawImage(image, 0, 0, 1, rows, 0, y, x, h)
      context().drawImage(image, columns - 1, 0, 1, rows, x + w, y, x, h)
    }
    if (y > 0) {
      context().drawImage(image, 0, 0, columns, 1, x, 0, w, y)
      context().drawImage(image, 0, rows - 1, columns, 1, x, y + h, w, y)
    }
  }

  /** What lies on it, stretched over paper that has another size by now. */
  function spread(drawn: ImageBitmap): void {
    const { width, height } = canvas.value!
    context().drawImage(drawn, 0, 0, width, height)
  }

  /** The colour of a place, #rrggbb. */
  function colourAt({ x, y }: Pick<Stroke, 'x' | 'y'>): string {
    const [red, green, blue] = context().getImageData(Math.floor(x), Math.floor(y), 1, 1).data
    const hexadecimal = ((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')
    return `#${hexadecimal}`
  }

  const paint = (from: Stroke, to: Stroke, colour: string): void => paintStroke(context(), from, to, colour)

  const toBlob = (): Promise<Blob | null> =>
    new Promise((resolve) => (canvas.value ? canvas.value.toBlob(resolve) : resolve(null)))

  return { fill, lay, spread, colourAt, paint, toBlob }
}
