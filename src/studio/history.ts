import type { ImageRecord, Page } from '../shared/contract.ts'
import { assetPaths } from '../shared/contract.ts'
import { StudioError } from '../shared/errors.ts'
import type { Database } from './database.ts'
import { readRequest } from './storedRequest.ts'

export type NewImage = Omit<ImageRecord, 'path' | 'url' | 'thumbnailUrl' | 'trashedAt'> & {
  /** Path below the folder of images, with forward slashes. */
  file: string
  trashedAt?: number | null
}

export interface HistoryQuery {
  search: string
  cursor: string | null
  limit: number
  trashed: boolean
}

/** The rows of finished images. A row exists only for a file that is complete on disk. */
export interface History {
  add(image: NewImage): ImageRecord
  /** Newest first, a page at a time; `search` matches words of the prompt, the last one by its beginning. */
  page(query: HistoryQuery): Page
  /** Throws `not-found`. */
  image(id: string): ImageRecord
  imageIdsOfJob(jobId: string): string[]
  setTrashed(ids: readonly string[], trashedAt: number | null): void
  trashed(): ImageRecord[]
  remove(id: string): void
}

/** @param imagePath gives the absolute path of a file named in a row. */
export function openHistory(database: Database, imagePath: (file: string) => string): History {
  const insert = database.prepare(insertImage)
  const byId = database.prepare('SELECT * FROM images WHERE id = ?')
  const ofJob = database.prepare('SELECT id FROM images WHERE jobId = ? ORDER BY createdAt, row').pluck()
  const mark = database.prepare(
    'UPDATE images SET trashedAt = @at WHERE id = @id AND (trashedAt IS NULL) <> (@at IS NULL)',
  )
  const inTrash = database.prepare('SELECT * FROM images WHERE trashedAt IS NOT NULL')
  const remove = database.prepare('DELETE FROM images WHERE id = ?')
  const record = (row: unknown): ImageRecord => toRecord(row as ImageRow, imagePath)

  function image(id: string): ImageRecord {
    const row = byId.get(id)
    if (!row) throw new StudioError('not-found', `There is no image "${id}" in the history.`)
    return record(row)
  }

  return {
    add(added) {
      insert.run(toRow(added))
      return image(added.id)
    },
    page(query) {
      const { where, values } = conditions(query)
      const total = database
        .prepare(`SELECT count(*) FROM images WHERE ${where}`)
        .pluck()
        .get(values) as number
      const from = query.cursor === null ? '' : 'AND (createdAt, id) < (@beforeTime, @beforeId)'
      const rows = database
        .prepare(`SELECT * FROM images WHERE ${where} ${from} ORDER BY createdAt DESC, id DESC LIMIT @limit`)
        .all({ ...values, ...parseCursor(query.cursor), limit: query.limit + 1 })
      const items = rows.slice(0, query.limit).map(record)
      const last = rows.length > query.limit ? items.at(-1) : undefined
      return { items, nextCursor: last ? `${last.createdAt}.${last.id}` : null, total }
    },
    image,
    imageIdsOfJob: (jobId) => ofJob.all(jobId) as string[],
    setTrashed: database.transaction((ids: readonly string[], at: number | null) => {
      for (const id of ids) mark.run({ id, at })
    }),
    trashed: () => inTrash.all().map(record),
    remove: (id) => void remove.run(id),
  }
}

const insertImage = `
  INSERT INTO images (
    id, jobId, createdAt, trashedAt, file, width, height, request, modelId, modelName, modelHash,
    engineVersion, onnxRuntimeVersion, device, dtype, timings
  ) VALUES (
    @id, @jobId, @createdAt, @trashedAt, @file, @width, @height, @request, @modelId, @modelName, @modelHash,
    @engineVersion, @onnxRuntimeVersion, @device, @dtype, @timings
  )`

type SharedColumns = Omit<NewImage, 'request' | 'timings' | 'model' | 'trashedAt'>

interface ImageRow extends SharedColumns {
  request: string
  timings: string
  modelId: string
  modelName: string
  modelHash: string
  trashedAt: number | null
}

const toRow = ({ model, request, timings, trashedAt, ...same }: NewImage): ImageRow => ({
  ...same,
  trashedAt: trashedAt ?? null,
  request: JSON.stringify(request),
  timings: JSON.stringify(timings),
  modelId: model.id,
  modelName: model.name,
  modelHash: model.hash,
})

const toRecord = (row: ImageRow, imagePath: (file: string) => string): ImageRecord => ({
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
  timings: JSON.parse(row.timings) as ImageRecord['timings'],
  trashedAt: row.trashedAt,
  path: imagePath(row.file),
  url: assetPaths.image(row.id),
  thumbnailUrl: assetPaths.thumbnail(row.id),
})

/** Scripts written without spaces: FTS5 takes a whole sentence of them for one word. */
const unspacedScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

function conditions({ search, trashed }: HistoryQuery): { where: string; values: Record<string, string> } {
  const words = search.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const spaced = words.filter((word) => !unspacedScript.test(word))
  const where = [`trashedAt IS ${trashed ? 'NOT NULL' : 'NULL'}`]
  const values: Record<string, string> = {}
  if (spaced.length) {
    // Each word quoted: what a person types is never read as FTS5 syntax.
    values.match = spaced.map((word) => `"${word}"`).join(' ')
    if (/[\p{L}\p{N}\p{M}]$/u.test(search)) values.match += '*'
    // The plus keeps SQLite on the index by time, which is far smaller than the rows.
    where.push('+row IN (SELECT rowid FROM imageWords WHERE imageWords MATCH @match)')
  }
  words
    .filter((word) => unspacedScript.test(word))
    .forEach((word, index) => {
      values[`part${index}`] = word
      where.push(`instr(prompt, @part${index})`)
    })
  if (search.trim() && !words.length) where.push('FALSE')
  return { where: where.join(' AND '), values }
}

function parseCursor(cursor: string | null): { beforeTime?: number; beforeId?: string } {
  if (cursor === null) return {}
  const [, time, id] = /^(\d{1,15})\.([\w-]+)$/.exec(cursor) ?? []
  if (!time || !id)
    throw new StudioError('bad-request', 'The cursor is not one that a page of the history gave.')
  return { beforeTime: Number(time), beforeId: id }
}
