import type { ImageRecord } from '../../../shared/library/history.ts'
import { importedSchema, type Imported } from '../../../shared/library/imports.ts'
import type { Marks } from '../../../shared/library/marks.ts'
import { assetPaths } from '../../../shared/assetPaths.ts'
import { isImageId } from '../../pictures/imageFiles.ts'
import { readRequest } from './storedRequest.ts'

export type NewImage = Omit<
  ImageRecord,
  'path' | 'url' | 'thumbnailUrl' | 'trashedAt' | 'marks' | 'imported' | 'worker'
> & {
  /** Path below the folder of images, with forward slashes; for an imported picture a name under which nothing lies. */
  file: string
  worker?: string | null
  imported?: Imported | null
  trashedAt?: number | null
  marks?: Marks
}

type SharedColumns = Omit<
  NewImage,
  'request' | 'timings' | 'model' | 'trashedAt' | 'marks' | 'imported' | 'worker'
>

/** An image as the database holds it. */
export interface ImageRow extends SharedColumns {
  /** Its place in the history: newer is larger. */
  row: number
  request: string
  timings: string
  modelId: string
  modelName: string
  modelHash: string
  worker: string | null
  trashedAt: number | null
  /** Imported as JSON; null: it was made here. */
  imported: string | null
  /** Why it cannot be read; null: it can. */
  problem: string | null
}

export const toRow = ({
  model,
  request,
  timings,
  trashedAt,
  worker,
  imported,
  marks: _,
  ...same
}: NewImage): Omit<ImageRow, 'row' | 'problem'> => ({
  ...same,
  trashedAt: trashedAt ?? null,
  worker: worker ?? null,
  imported: imported ? JSON.stringify(imported) : null,
  request: JSON.stringify(request),
  timings: JSON.stringify(timings),
  modelId: model.id,
  modelName: model.name,
  modelHash: model.hash,
})

/** What of a row says where its file lies. */
export type ImagePlace = Pick<ImageRow, 'file' | 'imported'>

/** null: it was made here. Throws for what is no such thing. */
export const readImported = ({ imported }: Pick<ImageRow, 'imported'>): Imported | null =>
  imported === null ? null : importedSchema.parse(JSON.parse(imported))

/** null: it cannot be read. */
export function readPath(row: ImagePlace, imagePath: (file: string) => string): string | null {
  try {
    return readImported(row)?.path ?? imagePath(row.file)
  } catch {
    return null
  }
}

/** Throws what is wrong with a row that cannot be read. */
export function toRecord(row: ImageRow, marks: Marks, imagePath: (file: string) => string): ImageRecord {
  if (!isImageId(row.id)) throw new Error('its id is not one of ours')
  const imported = readImported(row)
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
    worker: row.worker,
    trashedAt: row.trashedAt,
    marks,
    imported: imported && { tool: imported.tool, recorded: imported.recorded },
    path: imported?.path ?? imagePath(row.file),
    url: imported ? assetPaths.original(row.id) : assetPaths.image(row.id),
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
