import type { Field } from '../maths/grayScott.ts'
import type { Dish } from './dish.ts'
import { paletteTable } from './palettes.ts'
import type { ReactionMessage } from './reactionWorker.ts'

/** The reaction in a worker, drawn on a plain canvas. */
export function openWorkerDish(canvas: HTMLCanvasElement, field: Field): Dish {
  const worker = new Worker(new URL('./reactionWorker.ts', import.meta.url), { type: 'module' })
  const send = (message: ReactionMessage): void => worker.postMessage(message)
  const { width, height } = field
  const cells = document.createElement('canvas')
  cells.width = width
  cells.height = height
  const pixels = new ImageData(width, height)
  send({ do: 'fill', field })

  return {
    kind: 'worker',
    async advance(steps, reaction, palette) {
      const answered = new Promise<Float32Array>((resolve) => {
        worker.onmessage = ({ data }: MessageEvent<Float32Array>) => resolve(data)
      })
      // Vue's proxies cannot be cloned.
      send({ do: 'advance', steps, reaction: { ...reaction } })
      const v = await answered
      const table = paletteTable(palette)
      v.forEach((value, i) => {
        const colour = Math.min(255, Math.max(0, Math.round(value * 2.5 * 255))) * 4
        for (let c = 0; c < 4; c++) pixels.data[i * 4 + c] = table[colour + c]!
      })
      cells.getContext('2d')!.putImageData(pixels, 0, 0)
      const context = canvas.getContext('2d')!
      context.imageSmoothingEnabled = false
      context.drawImage(cells, 0, 0, canvas.width, canvas.height)
    },
    drop: (x, y, radius) => send({ do: 'drop', x, y, radius }),
    fill: (filled) => send({ do: 'fill', field: filled }),
    release: () => worker.terminate(),
  }
}
