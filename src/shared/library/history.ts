import { z } from 'zod'
import { imageFormats, type ImageFormat } from '../assetPaths.ts'
import type { Comparison } from './comparison.ts'
import type { Facets } from '../pictureQuery/facets.ts'
import type { Imported } from './imports.ts'
import type { Lineage } from './lineage.ts'
import { markChangeSchema, marksSchema, type MarkChange, type MarkedImage, type Marks } from './marks.ts'
import type { Device, ResolvedRequest } from '../request/request.ts'
import { editSchema, type Edit } from '../request/edit.ts'

/** Pictures that are finished or taken in, and the part of the contract that is about them. */

const timing = z.number().min(0)

/** Where the time of one picture went, in ms. */
export const timingsSchema = z.object({
  load: timing,
  textEncode: timing,
  denoise: timing,
  decode: timing,
  total: timing,
  unetRuns: timing,
  /** Time inside ONNX Runtime: in the U-Net alone, and in all networks. */
  unetRunMs: timing,
  runMs: timing,
})
export type Timings = z.output<typeof timingsSchema>

/** One finished picture: the row of the history. Of one that was not made here, `imported` says what of it means anything. */
export interface ImageRecord {
  id: string
  jobId: string
  createdAt: number
  width: number
  height: number
  /** Run again as it stands (batchSize 1) this gives the same pixels. */
  request: ResolvedRequest
  model: { id: string; name: string; hash: string }
  engineVersion: string
  onnxRuntimeVersion: string
  device: Exclude<Device, 'auto'>
  dtype: 'float32' | 'float16'
  timings: Timings
  /** Name of the farm's worker that drew it; null: it was drawn here. */
  worker: string | null
  trashedAt: number | null
  marks: Marks
  /** null: it was made here. */
  imported: Omit<Imported, 'path'> | null
  /** Absolute path of the PNG; an imported picture's file may be of another format. */
  path: string
  url: string
  thumbnailUrl: string
}

export interface Page {
  items: ImageRecord[]
  /** The place of the first of them among all that match. */
  offset: number
  /** Hand it back to get these again, whatever newer has come; null: the order is not that of time, or there are none. */
  cursor: string | null
  /** Hand it back to get the next page; null at the end. */
  nextCursor: string | null
  /** Count of all that match, not only this page. */
  total: number
  /** Of a search for similar pictures: those whose looks are not known yet, and which may be found later. */
  notLookedAt: number
}

/** A picture on disk taken in as a starting point: content-addressed, so the same file is kept once. */
export interface InputImage {
  id: string
  width: number
  height: number
  url: string
}

/** A search (see `parseQuery`) in the history or the trash. */
const querySchema = z.object({
  search: z.string().max(1000).default(''),
  trashed: z.boolean().default(false),
})
/** Pictures that one call is about, or answers the ids of. */
export const mostIds = 10_000
const idSchema = z.string().max(200)
const idsSchema = z.array(idSchema).max(mostIds)

/** A picture of the history by its id, or one that was taken in. */
const editedPictureSchema = z.union([idSchema, z.object({ inputId: idSchema })])
export type EditedPicture = z.output<typeof editedPictureSchema>

/** Arguments of the calls about pictures. */
export const historyCallSchemas = {
  history: z.tuple([
    querySchema.extend({
      cursor: z.string().nullable().default(null),
      around: idSchema.nullable().default(null),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(60),
    }),
  ]),
  historyIds: z.tuple([
    querySchema.extend({
      between: z.tuple([idSchema, idSchema]).nullable().default(null),
      among: idsSchema.nullable().default(null),
    }),
  ]),
  facets: z.tuple([querySchema]),
  mark: z.tuple([idsSchema, markChangeSchema]),
  restoreMarks: z.tuple([z.array(z.object({ id: idSchema, marks: marksSchema })).max(mostIds)]),
  image: z.tuple([z.string()]),
  imageText: z.tuple([z.string()]),
  compareImages: z.tuple([z.string(), z.string()]),
  lineage: z.tuple([z.string()]),
  edit: z.tuple([editedPictureSchema, editSchema]),
  exportImages: z.tuple([idsSchema, z.enum(imageFormats)]),
  showInFolder: z.tuple([z.string()]),
  dragOut: z.tuple([idsSchema.min(1)]),
  family: z.tuple([z.string()]),
  trash: z.tuple([idsSchema]),
  restore: z.tuple([idsSchema]),
  /** Removes what lies in the trash, files too, for good. */
  emptyTrash: z.tuple([]),
  inputImage: z.tuple([z.string()]),
} as const

export interface HistoryCalls {
  /**
   * One page of what a search finds. It begins at the first, behind a cursor, or so that the picture `around` is in its
   * middle, and `offset` places further on. Throws `bad-request`, saying where, for a search that cannot be read.
   */
  history(query: z.input<(typeof historyCallSchemas)['history']>[0]): Promise<Page>
  /**
   * The ids of all that a search finds, in its order, from one picture to another, or those of some that it finds: at most
   * `mostIds`. What stands between two is counted from the first one named.
   */
  historyIds(query: z.input<(typeof historyCallSchemas)['historyIds']>[0]): Promise<string[]>
  /** What a search finds, counted. A facet that the search names is counted without what it says of it. */
  facets(query: z.input<typeof querySchema>): Promise<Facets>
  /** Changes the marks of pictures; answers what those that changed had before, for `restoreMarks`. */
  mark(imageIds: string[], change: MarkChange): Promise<MarkedImage[]>
  restoreMarks(marked: MarkedImage[]): Promise<MarkedImage[]>
  image(id: string): Promise<ImageRecord>
  /** How a picture was made, as AUTOMATIC1111 writes it into files. */
  imageText(imageId: string): Promise<string>
  /** Holds two pictures against each other, pixel by pixel, and what they were made with. */
  compareImages(one: string, other: string): Promise<Comparison>
  /** All that a picture came from and that came from it. */
  lineage(imageId: string): Promise<Lineage>
  /**
   * Turns, cuts or tones a picture of the history, or one that was taken in: a picture of its own, beside the queue. Throws
   * `bad-request` for a crop that lies outside it and for an edit that changes nothing.
   */
  edit(picture: EditedPicture, edit: Partial<Edit>): Promise<ImageRecord>
  /**
   * Makes an archive of pictures ready, their generation data inside, and answers where it can be got for an hour. Throws
   * `bad-request` for more than 4 GiB.
   */
  exportImages(imageIds: string[], format: ImageFormat): Promise<string>
  /** Shows a picture's file in the system's file manager. Throws `bad-request` where there is no desktop. */
  showInFolder(imageId: string): Promise<void>
  /** Begins to drag the files of pictures out of the window; likewise. */
  dragOut(imageIds: string[]): Promise<void>
  /** An image with all that it branched from and that branched from those, trashed or not, oldest first. */
  family(imageId: string): Promise<ImageRecord[]>
  trash(imageIds: string[]): Promise<void>
  restore(imageIds: string[]): Promise<void>
  emptyTrash(): Promise<number>
  inputImage(id: string): Promise<InputImage>
}
