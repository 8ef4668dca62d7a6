import { z } from 'zod'

/** What a person says of a picture. It is kept beside the pictures, and comes back with a rebuilt history. */
export interface Marks {
  /** Stars, 0 to 5; 0: not rated. */
  rating: number
  isRejected: boolean
  tags: readonly string[]
  albums: readonly string[]
}

export const noMarks: Marks = { rating: 0, isRejected: false, tags: [], albums: [] }

/** Commas and quotation marks stand between names in a search. */
const labelSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^",]*$/, 'must have no commas and no quotation marks')
const labels = z.array(labelSchema)
/** Names that one change may give or take. */
const fewLabels = labels.max(200).default([])

export const marksSchema = z.object({
  rating: z.number().int().min(0).max(5),
  isRejected: z.boolean(),
  tags: labels,
  albums: labels,
})

/** What is left out stays as it is. */
export const markChangeSchema = z.strictObject({
  rating: marksSchema.shape.rating.optional(),
  isRejected: marksSchema.shape.isRejected.optional(),
  addTags: fewLabels,
  removeTags: fewLabels,
  addAlbums: fewLabels,
  removeAlbums: fewLabels,
})
export type MarkChange = z.input<typeof markChangeSchema>

/** The marks of one picture. */
export interface MarkedImage {
  id: string
  marks: Marks
}

export function changedMarks(marks: Marks, change: z.output<typeof markChangeSchema>): Marks {
  const relabelled = (names: readonly string[], add: string[], remove: string[]): string[] =>
    [...new Set([...names, ...add])].filter((name) => !remove.includes(name)).sort()
  return {
    rating: change.rating ?? marks.rating,
    isRejected: change.isRejected ?? marks.isRejected,
    tags: relabelled(marks.tags, change.addTags, change.removeTags),
    albums: relabelled(marks.albums, change.addAlbums, change.removeAlbums),
  }
}
