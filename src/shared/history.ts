import { z } from 'zod'
import type { Device, ResolvedRequest } from './request.ts'

/** Pictures that are finished or taken in, and the part of the contract that is about them. */

/** Where the time of one picture went, in ms. */
export interface Timings {
  load: number
  textEncode: number
  denoise: number
  decode: number
  total: number
  unetRuns: number
  /** Time inside ONNX Runtime: in the U-Net alone, and in all networks. */
  unetRunMs: number
  runMs: number
}

/** One finished picture: the row of the history. */
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
  trashedAt: number | null
  /** Absolute path of the PNG. */
  path: string
  url: string
  thumbnailUrl: string
}

export interface Page {
  items: ImageRecord[]
  /** Hand it back to get the next page; null at the end. */
  nextCursor: string | null
  /** Count of all that match, not only this page. */
  total: number
  /** false: at least `total` match; counting on would take too long. */
  isTotalExact: boolean
}

/** A picture on disk taken in as a starting point: content-addressed, so the same file is kept once. */
export interface InputImage {
  id: string
  width: number
  height: number
  url: string
}

/** Arguments of the calls about pictures. */
export const historyCallSchemas = {
  history: z.tuple([
    z.object({
      search: z.string().max(1000).default(''),
      cursor: z.string().nullable().default(null),
      limit: z.number().int().min(1).max(500).default(60),
      trashed: z.boolean().default(false),
    }),
  ]),
  image: z.tuple([z.string()]),
  family: z.tuple([z.string()]),
  trash: z.tuple([z.array(z.string()).max(10_000)]),
  restore: z.tuple([z.array(z.string()).max(10_000)]),
  /** Removes what lies in the trash, files too, for good. */
  emptyTrash: z.tuple([]),
  inputImage: z.tuple([z.string()]),
} as const

export interface HistoryCalls {
  history(query: z.input<(typeof historyCallSchemas)['history']>[0]): Promise<Page>
  image(id: string): Promise<ImageRecord>
  /** An image with all that it branched from and that branched from those, trashed or not, oldest first. */
  family(imageId: string): Promise<ImageRecord[]>
  trash(imageIds: string[]): Promise<void>
  restore(imageIds: string[]): Promise<void>
  emptyTrash(): Promise<number>
  inputImage(id: string): Promise<InputImage>
}
