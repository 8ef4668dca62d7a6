import type { ImageRecord, Page } from '../../shared/library/history.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Database } from './database/database.ts'
import {
  readPath,
  toRecord,
  toRow,
  type ImagePlace,
  type ImageRow,
  type NewImage,
} from './images/imageRow.ts'
import type { Facets } from '../../shared/pictureQuery/facets.ts'
import { noMarks } from '../../shared/library/marks.ts'
import { createFacetCounter, type ImageFacts } from './facts/facets.ts'
import { createFactColumns } from './facts/factColumns.ts'
import { createLabelColumns } from './facts/labelColumns.ts'
import { createMissing } from './facts/missing.ts'
import { createPromptIndex, type PromptIndex } from './facts/promptIndex.ts'
import { createFinder, type HistoryQuery, type WantedIds } from './images/findImages.ts'
import {
  createFamilyFinder,
  openImageTable,
  type Related,
  type RemovedImage,
  type RemovedImages,
} from './images/imageTable.ts'
import { openMarkTable } from './marks/markTable.ts'
import { openHashTable, type HashTable } from './similar/hashTable.ts'

/** The rows of finished images. A row exists only for a file that is complete on disk. */
export interface History {
  /** Puts a row in, in the place of one of the same id. */
  add(image: NewImage): ImageRecord
  /** Whether a picture has its row, or was deleted for good and only its file is left. */
  knows(id: string, file: string): boolean
  /** Newest first, a page at a time, from any place on; see `parseQuery` for what `search` finds. */
  page(query: HistoryQuery): Page
  /** The ids of what a search finds, in its order, at most so many. */
  ids(wanted: WantedIds, most: number): string[]
  facets(query: Pick<HistoryQuery, 'search' | 'trashed'>): Facets
  /** Reads some of what searches hold in memory, a few ms long; answers whether there is more. They read what is missing. */
  readAhead(): boolean
  /** Throws `not-found`. */
  image(id: string): ImageRecord
  /** Where an image's file lies, which costs a tenth of its record. Throws `not-found`. */
  pathOf(id: string): string
  /** An image and all that it is related to by branching, oldest first. */
  family(id: string): ImageRecord[]
  /** The model of an id as the newest image made with it has it; null: there is none. */
  newestModel(id: string): ImageRecord['model'] | null
  /** The model of an image; null where there is no such image. */
  modelOf(id: string): ImageRecord['model'] | null
  setTrashed(ids: readonly string[], trashedAt: number | null): void
  /** When the last row went into the trash; null: it is empty. */
  lastTrashed(): number | null
  /**
   * Deletes rows that went into the trash up to a time, at most `limit`: with them their words, and the jobs that ended
   * well and have no image left. The files are remembered until `fileRemoved`.
   */
  removeTrashed(until: number, limit: number): RemovedImages
  /** Files still to be removed. */
  removedFiles(): RemovedImage[]
  fileRemoved(id: string): void
  /** Rows that were marked because they cannot be read. */
  unreadable(): (RemovedImage & { trashedAt: number | null })[]
}

/** Told of a row that was marked: it cannot be read, and is left out from now on. */
export type OnUnreadable = (image: RemovedImage, reason: string) => void

function noImage(id: string, row: ImageRow | undefined): StudioError {
  const message = row
    ? `The entry of image "${id}" in the history cannot be read. Its picture is ${row.file} among the images; restart Latent Studio to have the entry made again from it.`
    : `There is no image "${id}" in the history. It may have been removed for good: choose another.`
  return new StudioError('not-found', message)
}

const openImageFacts = (
  database: Database,
  prompts: PromptIndex,
  { near }: Pick<HashTable, 'near'>,
): ImageFacts => ({
  readColumns: createFactColumns(database),
  readLabels: createLabelColumns(database),
  findMissing: createMissing(database, prompts, near),
})

/** Labels are few enough to be read at once: nothing is left then. */
function readsLabels({ readLabels }: ImageFacts): false {
  readLabels()
  return false
}

/** @param imagePath gives the absolute path of a file named in a row; throws for one outside the folder of images. */
export function openHistory(
  database: Database,
  imagePath: (file: string) => string,
  onUnreadable: OnUnreadable = () => {},
): History {
  const rows = openImageTable(database)
  const marks = openMarkTable(database)
  const hashes = openHashTable(database)
  const prompts = createPromptIndex(database)
  const facts = openImageFacts(database, prompts, hashes)
  const find = createFinder(database, facts, hashes)
  const findFamily = createFamilyFinder(database)
  const sql = prepareStatements(database)

  /** The record of a row; null when it cannot be read, and then it is marked. */
  function read(row: ImageRow): ImageRecord | null {
    try {
      return toRecord(row, marks.of(row.row), imagePath)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (row.problem === null) {
        rows.mark(row, reason)
        onUnreadable(row, reason)
      }
      return null
    }
  }

  function image(id: string): ImageRecord {
    const row = sql.byId.get(id) as ImageRow | undefined
    const record = row && read(row)
    if (record) return record
    throw noImage(id, row)
  }

  return {
    add(added) {
      rows.put(toRow(added), {
        image: added,
        marks: added.marks ?? noMarks,
        ...relatedTo(added),
      })
      return image(added.id)
    },
    knows: (id, file) => sql.present.get(id) !== undefined || sql.removed.get(file) !== undefined,
    page: (query) => readPage(find.page, query, read),
    ids: find.ids,
    facets: createFacetCounter(database, facts),
    readAhead: () => prompts.readSome() || hashes.readSome() || readsLabels(facts),
    image,
    pathOf: createPathFinder(database, { image, imagePath }),
    family: (id) => findFamily(id).flatMap((row) => read(row) ?? []),
    newestModel: (id) => (sql.newestModel.get(id) as ImageRecord['model'] | undefined) ?? null,
    modelOf: (id) => modelOfRow(sql.byId.get(id) as ImageRow | undefined),
    setTrashed: rows.setTrashed,
    lastTrashed: () => sql.lastTrashed.get() as number | null,
    removeTrashed: rows.removeTrashed,
    removedFiles: () => sql.removedFiles.all() as RemovedImage[],
    fileRemoved: (id) => void sql.fileRemoved.run(id),
    unreadable: () => sql.unreadable.all() as ReturnType<History['unreadable']>,
  }
}

/** An entry that does not say it is left to `image`, which marks it and tells why. */
function createPathFinder(
  database: Database,
  { image, imagePath }: { image: History['image']; imagePath: (file: string) => string },
): History['pathOf'] {
  const placeOf = database.prepare('SELECT file, imported FROM images WHERE id = ?')
  return (id) => {
    const row = placeOf.get(id) as ImagePlace | undefined
    return (row && readPath(row, imagePath)) ?? image(id).path
  }
}

function prepareStatements(database: Database) {
  return {
    byId: database.prepare('SELECT * FROM images WHERE id = ?'),
    present: database.prepare('SELECT 1 FROM images WHERE id = ?'),
    removed: database.prepare('SELECT 1 FROM removedFiles WHERE file = ?'),
    lastTrashed: database.prepare('SELECT max(trashedAt) FROM images WHERE trashedAt IS NOT NULL').pluck(),
    newestModel: database.prepare(
      'SELECT modelId AS id, modelName AS name, modelHash AS hash FROM images WHERE modelId = ? ORDER BY row DESC LIMIT 1',
    ),
    removedFiles: database.prepare('SELECT imageId AS id, file FROM removedFiles'),
    fileRemoved: database.prepare('DELETE FROM removedFiles WHERE imageId = ?'),
    unreadable: database.prepare('SELECT id, file, trashedAt FROM images WHERE problem IS NOT NULL'),
  }
}

const modelOfRow = (row: ImageRow | undefined): ImageRecord['model'] | null =>
  row ? { id: row.modelId, name: row.modelName, hash: row.modelHash } : null

function readPage(
  find: ReturnType<typeof createFinder>['page'],
  query: HistoryQuery,
  read: (row: ImageRow) => ImageRecord | null,
): Page {
  for (;;) {
    const { rows, ...facts } = find(query)
    const items = rows.map(read).filter((item) => item !== null)
    if (items.length === rows.length) return { items, ...facts }
    // What could not be read has been marked, so the next try leaves it out.
  }
}

const relatedTo = ({ request }: NewImage): Related => ({
  inputIds: inputsOf(request),
  parentId: request.branch?.imageId ?? null,
  cell: request.grid,
})

function inputsOf({
  initImage,
  mask,
  references,
  controls,
  upscaleOf,
  editOf,
}: NewImage['request']): string[] {
  const several = [...references.map(({ id }) => id), ...controls.map(({ image }) => image?.id)]
  return [initImage?.id, mask?.id, upscaleOf?.id, editOf?.id, ...several].filter((id) => id !== undefined)
}
