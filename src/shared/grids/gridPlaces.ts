import { gridAxisNames, type GridAxes, type GridAxisName } from './gridCalls.ts'

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
