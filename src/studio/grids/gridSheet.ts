import type { Pixels } from '../../shared/engine/engineContract.ts'
import type { GridAxis, GridWithImages } from '../../shared/grids/gridCalls.ts'
import { cellImages, gridLength, gridPlaces, valueLabel } from '../../shared/grids/gridPlaces.ts'
import { StudioError } from '../../shared/errors.ts'
import { drawWords } from '../pictures/drawWords.ts'
import { encodePng, readFitted } from '../pictures/images.ts'

/** The whole grid as one labelled picture: columns are X, rows are Y, and the sheets of Z stand below each other. */

/** Pixels of the whole sheet; pictures are made smaller where they would be more. */
const mostPixels = 64 * 2 ** 20
const gap = 8
const groundLevel = 0xdc
const ground = '#dcdcdc'
const margin = 24

interface Layout {
  columns: number
  rows: number
  sheets: number
  /** Of a cell. */
  width: number
  height: number
  text: number
}

/** PNG. Cells without a picture are grey. */
export async function gridSheet({ axes, images }: GridWithImages): Promise<Buffer> {
  const cells = cellImages(axes, images)
  const layout = layOut(axes, cells)
  const { columns, rows, width, height, text } = layout
  const words = (axis: GridAxis | null, room: number, isRow = false): Promise<Pixels[]> =>
    Promise.all(
      (axis?.values ?? []).map((_, index) =>
        drawWords(valueLabel(axis!, index), { room, size: text, align: isRow ? 'right' : 'centre' }),
      ),
    )
  const [above, beside, titles] = await Promise.all([
    words(axes.x, width),
    words(axes.y, Math.max(text * 6, Math.min(width, text * 14)), true),
    words(axes.z, columns * (width + gap)),
  ])
  const aboveHeight = tallest(above)
  const besideWidth = Math.max(0, ...beside.map((one) => one.width + gap))
  const titleHeight = tallest(titles)
  const sheetHeight = titleHeight + aboveHeight + rows * (height + gap)
  const canvas = createCanvas(
    2 * margin + besideWidth + columns * (width + gap) - gap,
    2 * margin + layout.sheets * (sheetHeight + margin) - margin - gap,
  )
  const left = (x: number): number => margin + besideWidth + x * (width + gap)
  const top = (y: number, z: number): number =>
    margin + z * (sheetHeight + margin) + titleHeight + aboveHeight + y * (height + gap)

  const empty = { width, height, data: new Uint8Array(width * height * 3).fill(groundLevel) }
  for (let z = 0; z < layout.sheets; z++) {
    if (titles[z]) canvas.put(titles[z], left(0), top(0, z) - titleHeight - aboveHeight)
    for (const [x, one] of above.entries())
      canvas.put(one, left(x) + (width - one.width) / 2, top(0, z) - gap - one.height)
    for (const [y, one] of beside.entries())
      canvas.put(one, left(0) - gap - one.width, top(y, z) + (height - one.height) / 2)
  }
  for (const [index, { x, y, z }] of gridPlaces(axes).entries()) {
    const image = cells[index]
    canvas.put(image ? await readFitted(image.path, layout, ground) : empty, left(x), top(y, z))
  }
  return canvas.png()
}

function layOut(axes: GridWithImages['axes'], cells: ReturnType<typeof cellImages>): Layout {
  const made = cells.filter((image) => image !== null)
  if (made.length === 0)
    throw new StudioError('not-found', 'This grid has no pictures yet: make some of its cells first.')
  const [columns, rows, sheets] = (['x', 'y', 'z'] as const).map((name) => gridLength(axes, name))
  const full = {
    width: Math.max(...made.map(({ width }) => width)),
    height: Math.max(...made.map(({ height }) => height)),
  }
  const scale = Math.min(1, Math.sqrt(mostPixels / (full.width * full.height * cells.length)))
  const width = Math.max(1, Math.floor(full.width * scale))
  const height = Math.max(1, Math.floor(full.height * scale))
  return { columns, rows, sheets, width, height, text: Math.min(36, Math.max(14, Math.round(width / 18))) }
}

const tallest = (words: readonly Pixels[]): number => Math.max(0, ...words.map(({ height }) => height + gap))

/** A white picture to put others on. */
function createCanvas(width: number, height: number) {
  const data = Buffer.alloc(width * height * 3, 255)
  return {
    put(picture: Pixels, x: number, y: number): void {
      const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))]
      const columns = Math.min(picture.width, width - left)
      for (let row = 0; row < Math.min(picture.height, height - top); row++) {
        const from = row * picture.width * 3
        data.set(picture.data.subarray(from, from + columns * 3), ((top + row) * width + left) * 3)
      }
    },
    png: (): Promise<Buffer> => encodePng({ width, height, data }),
  }
}
