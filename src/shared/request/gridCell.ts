import { z } from 'zod'

/** Values of an axis from which on a grid is no longer a thing to look at. */
const place = z.number().int().min(0).max(10_000)

/** The picture is a cell of a grid: which, and where in it, counted from 0. */
export const gridCellSchema = z.object({
  id: z.string().max(100),
  x: place,
  y: place,
  z: place,
  /** Drawn in the grid's few steps, to be looked at before the cell is drawn in all. */
  isTrial: z.boolean().default(false),
})
export type GridCell = z.output<typeof gridCellSchema>
