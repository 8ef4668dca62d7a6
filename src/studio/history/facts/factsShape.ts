import type { Database } from 'better-sqlite3'
import { generationRequestSchema } from '../../../shared/request/request.ts'
import type { ImageRow } from '../images/imageRow.ts'
import type { Tell } from '../database/migrations.ts'
import { readRequest } from '../images/storedRequest.ts'
import { openFacts, type Facts } from './factsTable.ts'

/**
 * What pictures are looked for by, in tables so narrow that all of a large history is read in a moment, and what a person
 * says of pictures: stars, rejected, tags, albums.
 */
const shape = `
  CREATE TABLE recipes (              -- what pictures were made with, each once
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    hash TEXT NOT NULL,
    sampler TEXT NOT NULL,
    schedule TEXT NOT NULL,
    device TEXT NOT NULL,
    dtype TEXT NOT NULL,
    source TEXT NOT NULL,
    loras TEXT NOT NULL,              -- names, as JSON
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    guidance REAL NOT NULL,
    settings TEXT NOT NULL,           -- those not at their defaults, as JSON
    UNIQUE (model, hash, sampler, schedule, device, dtype, source, loras, width, height, steps, guidance, settings)
  ) STRICT;

  CREATE TABLE imageFacts (
    row INTEGER PRIMARY KEY,          -- that of the image
    state INTEGER NOT NULL,           -- 0 in the history, 1 in the trash, 2 not readable
    recipe INTEGER NOT NULL,
    day INTEGER NOT NULL,             -- local, as 20260731
    seed TEXT NOT NULL,
    rating INTEGER NOT NULL DEFAULT 0, -- stars, 0 to 5
    isRejected INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX factsByRecipe ON imageFacts (recipe);

  CREATE TABLE labels (               -- tags and albums
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'album')),
    name TEXT NOT NULL,
    UNIQUE (kind, name)
  ) STRICT;
  CREATE TABLE imageLabels (
    label INTEGER NOT NULL,
    row INTEGER NOT NULL,
    PRIMARY KEY (label, row)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX labelsByImage ON imageLabels (row);

  CREATE TRIGGER imageStateChanged AFTER UPDATE OF trashedAt, problem ON images BEGIN
    UPDATE imageFacts
    SET state = CASE WHEN new.problem IS NOT NULL THEN 2 WHEN new.trashedAt IS NOT NULL THEN 1 ELSE 0 END
    WHERE row = new.row;
  END;
  -- What nothing refers to any more is forgotten: names may tell of what was deleted.
  CREATE TRIGGER imageFactsRemoved AFTER DELETE ON images BEGIN
    DELETE FROM imageFacts WHERE row = old.row;
    DELETE FROM imageLabels WHERE row = old.row;
  END;
  CREATE TRIGGER recipeUnused AFTER DELETE ON imageFacts
  WHEN NOT EXISTS (SELECT 1 FROM imageFacts WHERE recipe = old.recipe) BEGIN
    DELETE FROM recipes WHERE id = old.recipe;
  END;
  CREATE TRIGGER labelUnused AFTER DELETE ON imageLabels
  WHEN NOT EXISTS (SELECT 1 FROM imageLabels WHERE label = old.label) BEGIN
    DELETE FROM labels WHERE id = old.label;
  END;
`

/** Rows after which it is told how far this is; fewer take no time worth a word. */
const rowsBetweenWords = 10_000

/** So an image that cannot be read is found: it is marked, and told of, when it is to be shown. */
const unread: Parameters<Facts['put']>[1] = {
  request: { ...generationRequestSchema.parse({}), seed: '0', width: 0, height: 0 },
  model: { id: '', name: '', hash: '' },
  ...{ engineVersion: '', onnxRuntimeVersion: '', device: 'cpu', dtype: 'float32' },
  ...{ width: 0, height: 0, createdAt: 0, imported: null },
}

/** Makes the tables and fills them from the images that are there. */
export function addFacts(database: Database, tell: Tell): void {
  database.exec(shape)
  const facts = openFacts(database)
  const rows = database.prepare('SELECT row FROM images ORDER BY row').pluck().all() as number[]
  const byRow = database.prepare('SELECT * FROM images WHERE row = ?')
  for (const [done, row] of rows.entries()) {
    if (rows.length >= rowsBetweenWords && done % rowsBetweenWords === 0)
      tell({ code: 'picturesSorted', values: { done, count: rows.length } })
    const image = byRow.get(row) as ImageRow
    const model = { id: image.modelId, name: image.modelName, hash: image.modelHash }
    try {
      facts.put(image, { ...image, model, request: readRequest(image.request), imported: null })
    } catch {
      facts.put(image, unread)
    }
  }
}
