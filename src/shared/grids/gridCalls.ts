import { z } from 'zod'
import type { ImageRecord } from '../library/history.ts'
import { openRequestSchema, type GenerationRequestInput } from '../request/request.ts'
import { limits } from '../request/limits.ts'
import { gridParameterNames, type GridParameter } from './gridParameters.ts'

/** Grids: the same picture over the values of one to three parameters; and the part of the contract about them. */

export const gridAxisNames = ['x', 'y', 'z'] as const
export type GridAxisName = (typeof gridAxisNames)[number]

/** Cells of one grid: more are too many to look at, and for the queue. */
export const mostGridCells = 500

const axisSchema = z.object({
  parameter: z.enum(gridParameterNames),
  /** As they are written: a list with commas, with ranges (1-5, 1-10 (+2), 1-10 [5]) where they are numbers. */
  values: z.string().max(limits.promptLength),
})

/** What is asked for: a request, and what is changed along each axis. */
export const gridInputSchema = z.object({
  request: openRequestSchema,
  x: axisSchema.nullable().default(null),
  y: axisSchema.nullable().default(null),
  z: axisSchema.nullable().default(null),
  /** First every cell is drawn in so few steps; those that are worth it are finished later. null: all at once. */
  trialSteps: z.number().int().min(1).max(limits.steps.max).nullable().default(null),
})
export type GridInput = z.input<typeof gridInputSchema>

/** An axis that was read: one value, as it is written on the grid, for each of its cells. */
export interface GridAxis {
  parameter: GridParameter
  values: string[]
}
export type GridAxes = Record<GridAxisName, GridAxis | null>

/** What a grid would take. */
export interface GridPlan {
  axes: GridAxes
  cells: number
  /** How often a model, its files or its size change. */
  openings: number
  /** Of all cells in all their steps, and in the few of the trial, by what pictures took before; null: nothing is known. */
  timeMs: number | null
  trialTimeMs: number | null
}

/** A grid as it is kept. */
export interface GridRecord {
  id: string
  createdAt: number
  request: GenerationRequestInput
  axes: GridAxes
  trialSteps: number | null
}

export interface GridSummary extends GridRecord {
  /** Cells that have a picture. */
  made: number
  /** Of the first pictures. */
  thumbnailUrls: string[]
}

/** A grid with its pictures, those in the trash left out; `request.grid` says which cell each is. */
export interface GridWithImages extends GridRecord {
  images: ImageRecord[]
}

const idSchema = z.string().max(100)

export const gridCallSchemas = {
  planGrid: z.tuple([gridInputSchema]),
  makeGrid: z.tuple([gridInputSchema]),
  grids: z.tuple([]),
  grid: z.tuple([idSchema]),
  makeGridCells: z.tuple([
    z.object({
      id: idSchema,
      /** Places in `gridPlaces`; null: all that have no picture. */
      cells: z.array(z.number().int().min(0)).max(mostGridCells).nullable().default(null),
      isTrial: z.boolean().default(false),
    }),
  ]),
  stopGrid: z.tuple([idSchema]),
  removeGrid: z.tuple([idSchema]),
} as const

export interface GridCalls {
  /** Reads the axes and says what it would take. Throws `bad-request` that names the axis and the value. */
  planGrid(input: GridInput): Promise<GridPlan>
  /** Queues all cells of a new grid, those with the same model and size one after the other. Throws as `planGrid` does, before any is queued. */
  makeGrid(input: GridInput): Promise<GridRecord>
  /** The newest hundred, newest first. */
  grids(): Promise<GridSummary[]>
  /** Throws `not-found`. */
  grid(id: string): Promise<GridWithImages>
  /** Queues cells of a grid that do not wait in the queue already; answers how many. */
  makeGridCells(asked: { id: string; cells?: number[] | null; isTrial?: boolean }): Promise<number>
  /** Cancels what of a grid waits in the queue or runs. */
  stopGrid(id: string): Promise<void>
  /** Forgets a grid, and stops it; its pictures stay in the history. */
  removeGrid(id: string): Promise<void>
}
