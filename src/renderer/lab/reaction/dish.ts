import type { Field, Reaction } from '../maths/grayScott.ts'
import type { Palette } from './palettes.ts'

/** A reaction that goes on and is drawn on a canvas, on the graphics card or in a worker. */
export interface Dish {
  readonly kind: 'webgl' | 'worker'
  /** Goes on for some units of time and draws. Settles once what was asked for is drawn. */
  advance(steps: number, reaction: Reaction, palette: Palette): Promise<void>
  /** In cells. */
  drop(x: number, y: number, radius: number): void
  fill(field: Field): void
  release(): void
}
