import type { ImageRecord } from '../../shared/history.ts'
import type { Marks } from '../../shared/marks.ts'
import { assetPaths } from '../../shared/assetPaths.ts'
import { isImageId } from '../pictures/imageFiles.ts'
import { readRequest } from './storedRequest.ts'

export type NewImage = Omit<ImageRecord, 'path' | 'url' | 'thumbnailUrl' | 'trashedAt' | 'marks'> & {
  /** Path below the folder of images, with forward slashes. */
  file: string
  trashedAt?: number | null
  marks?: Marks
}

type SharedColumns = Omit<NewImage, 'request' | 'timings' | 'model' | 'trashedAt' | 'marks'>

/** An image as the database holds it. */
export interface ImageRow extends SharedColumns {
  /** Its place in the history: newer is larger. */
  row: number
  request: string
  timings: string
  modelId: string
  modelName: string
  modelHash: string
  trashedAt: number | null
  /** Why it cannot be read; null: it can. */
  problem: string | null
}

export const toRow = ({
  model,
  request,
  timings,
  trashedAt,
  marks: _,
  ...same
}: NewImage): Omit<ImageRow, 'row' | 'problem'> => ({
  ...same,
  trashedAt: trashedAt ?? null,
  request: JSON.stringify(request),
  timings: JSON.stringify(timings),
  modelId: model.id,
  modelName: model.name,
  modelHash: model.hash,
})

/** Throws what is wrong with a row that cannot be read. */
export function toRecord(row: ImageRow, marks: Marks, imagePath: (file: string) => string): ImageRecord {
  if (!isImageId(row.id)) throw new Error('its id is not one of ours')
  return {
    id: row.id,
    jobId: row.jobId,
    createdAt: row.createdAt,
    width: row.width,
    height: row.height,
    request: readRequest(row.request),
    model: { id: row.modelId, name: row.modelName, hash: row.modelHash },
    engineVersion: row.engineVersion,
    onnxRuntimeVersion: row.onnxRuntimeVersion,
    device: row.device,
    dtype: row.dtype,
    timings: readTimings(row.timings),
    trashedAt: row.trashedAt,
    marks,
    path: imagePath(row.file),
    url: assetPaths.image(row.id),
    thumbnailUrl: assetPaths.thumbnail(row.id),
  }
}

const timingNames = [
  'load',
  'textEncode',
  'denoise',
  'decode',
  'total',
  'unetRuns',
  'unetRunMs',
  'runMs',
] as const

function readTimings(text: string): ImageRecord['timings'] {
  const stored = JSON.parse(text) as Partial<ImageRecord['timings']> | null
  const wrong = timingNames.find((name) => typeof stored?.[name] !== 'number')
  if (wrong) throw new Error(`timings.${wrong}: no number`)
  return stored as ImageRecord['timings']
}
