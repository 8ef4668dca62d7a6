import type { ImageRecord } from '../library/history.ts'
import { gridAxisNames, type GridAxes, type GridAxis, type GridAxisName } from './gridCalls.ts'
import { gridParameter, readStartPicture } from './gridParameters.ts'

export type GridPlace = Record<GridAxisName, number>

/** How many values an axis has: one where there is none. */
export const gridLength = (axes: GridAxes, name: GridAxisName): number => axes[name]?.values.length ?? 1

/** The cells of a grid: x runs fastest, z slowest. */
export function gridPlaces(axes: GridAxes): GridPlace[] {
  const [columns, rows, sheets] = gridAxisNames.map((name) => gridLength(axes, name))
  return Array.from({ length: columns * rows * sheets }, (_, index) => ({
    x: index % columns,
    y: Math.floor(index / columns) % rows,
    z: Math.floor(index / (columns * rows)),
  }))
}

/** Where a cell is in `gridPlaces`. */
export const gridIndex = (axes: GridAxes, { x, y, z }: GridPlace): number =>
  x + gridLength(axes, 'x') * (y + gridLength(axes, 'y') * z)

/** The picture of every cell, in the order of `gridPlaces`: the newest that is whole, else the newest trial. */
export function cellImages(axes: GridAxes, images: readonly ImageRecord[]): (ImageRecord | null)[] {
  const cells: (ImageRecord | null)[] = gridPlaces(axes).map(() => null)
  const isWhole = (image: ImageRecord | null): boolean => image?.request.grid?.isTrial === false
  for (const image of images.toSorted((one, other) => one.createdAt - other.createdAt)) {
    const cell = image.request.grid && gridIndex(axes, image.request.grid)
    if (cell === null || !(cell in cells)) continue
    if (isWhole(image) || !isWhole(cells[cell])) cells[cell] = image
  }
  return cells
}

/** A value of an axis as a person reads it. */
export function gridValue({ parameter, values }: GridAxis, index: number): string {
  const value = values[index]
  if (gridParameter(parameter).kind === 'order') return (JSON.parse(value) as string[]).join(', ')
  if (parameter === 'startPicture') return readStartPicture(value)?.name || value
  return value || '–'
}

/** Parameters whose values say by themselves what they are. */
const speakForThemselves: readonly string[] = [
  'promptSearch',
  'promptOrder',
  'prompt',
  'negativePrompt',
  'sampler',
  'model',
  'size',
  'startPicture',
]

/** What stands beside the cells of a value: with the name of its parameter where the value alone says little. */
export function valueLabel(
  axis: GridAxis,
  index: number,
  label = gridParameter(axis.parameter).label,
): string {
  const value = gridValue(axis, index)
  return speakForThemselves.includes(axis.parameter) ? value : `${label}: ${value}`
}
