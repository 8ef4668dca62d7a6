import type { ImageRecord } from './history.ts'

/** What a picture's pixels depend on beside its request, as its row has it. */
export const conditionNames = [
  'modelHash',
  'device',
  'dtype',
  'engineVersion',
  'onnxRuntimeVersion',
  'worker',
] as const
export type ConditionName = (typeof conditionNames)[number]

export const conditionOf = (image: ImageRecord, name: ConditionName): string =>
  name === 'modelHash' ? image.model.hash : (image[name] ?? '')

/** Two pictures held against each other. */
export interface Comparison {
  /** Levels of 0 to 255 over all channels, and the share of pixels that differ; null: they are of different sizes. */
  pixels: { max: number; mean: number; share: number } | null
  /** Conditions of their making that differ. */
  conditions: { name: ConditionName; values: [string, string] }[]
}
