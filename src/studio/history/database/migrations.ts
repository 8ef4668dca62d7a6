import type { Database } from 'better-sqlite3'
import type { Opening } from '../../../shared/opening.ts'
import { addFacts } from '../facts/factsShape.ts'
import { addPrompts } from '../facts/promptsShape.ts'
import { addSettings } from '../facts/settingsShape.ts'
import { indexWords } from '../searchWords.ts'
import { hashShape } from '../similar/hashTable.ts'

/** Told how far something is that takes long. */
export type Tell = (opening: Opening) => void

/**
 * The shape of the database, as steps that each bring it one version on; SQLite's `user_version` counts them.
 * A step that has been released is never edited: add another.
 */
export const migrations: readonly (string | ((database: Database, tell: Tell) => void))[] = [
  `
  CREATE TABLE jobs (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT,                       -- the studio that runs it, alive while its lock is held
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    request TEXT NOT NULL,            -- ResolvedRequest as JSON
    createdAt INTEGER NOT NULL,
    startedAt INTEGER,
    finishedAt INTEGER,
    imagesDone INTEGER NOT NULL DEFAULT 0,
    interruptions INTEGER NOT NULL DEFAULT 0,
    error TEXT                        -- ErrorRecord as JSON
  ) STRICT;

  CREATE TABLE images (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    jobId TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    trashedAt INTEGER,
    file TEXT NOT NULL,               -- below the folder of images, with forward slashes
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    request TEXT NOT NULL,            -- ResolvedRequest as JSON
    prompt TEXT NOT NULL AS (json_extract(request, '$.prompt')),
    modelId TEXT NOT NULL,
    modelName TEXT NOT NULL,
    modelHash TEXT NOT NULL,
    engineVersion TEXT NOT NULL,
    onnxRuntimeVersion TEXT NOT NULL,
    device TEXT NOT NULL,
    dtype TEXT NOT NULL,
    timings TEXT NOT NULL             -- Timings as JSON
  ) STRICT;
  CREATE INDEX imagesByTime ON images (createdAt, id) WHERE trashedAt IS NULL;
  CREATE INDEX trashedImagesByTime ON images (createdAt, id) WHERE trashedAt IS NOT NULL;
  CREATE INDEX imagesByJob ON images (jobId, createdAt);

  CREATE VIRTUAL TABLE imageWords USING fts5 (
    prompt, content = 'images', content_rowid = 'row', prefix = '2 3',
    tokenize = 'unicode61 remove_diacritics 2'
  );
  CREATE TRIGGER imageWordsAdded AFTER INSERT ON images BEGIN
    INSERT INTO imageWords (rowid, prompt) VALUES (new.row, new.prompt);
  END;
  CREATE TRIGGER imageWordsRemoved AFTER DELETE ON images BEGIN
    INSERT INTO imageWords (imageWords, rowid, prompt) VALUES ('delete', old.row, old.prompt);
  END;

  CREATE TABLE fileHashes (           -- sha256 of large files, true while their stamp is the same
    path TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,              -- size and time of modification
    sha256 TEXT NOT NULL
  ) STRICT;
  `,
  (database, tell) => {
    database.exec(secondShape)
    refillImages(database, tell)
    database.exec('DROP TABLE oldImages')
  },
  `
  CREATE TABLE fileExaminations (     -- what headers say, true while their file's stamp is the same
    path TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,
    examination TEXT NOT NULL         -- FileExamination as JSON
  ) STRICT;
  ALTER TABLE fileHashes ADD COLUMN headerless TEXT; -- sha256 of what follows the header
  CREATE TABLE keptFiles (            -- what a person keeps of a model file, wherever it lies
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,               -- where it was last seen
    size INTEGER NOT NULL,
    hash TEXT,                        -- null until the file was read
    favourite INTEGER NOT NULL,
    notes TEXT NOT NULL,
    defaults TEXT NOT NULL            -- FileDefaults as JSON
  ) STRICT;
  CREATE INDEX keptFilesByPath ON keptFiles (path);
  CREATE INDEX keptFilesByHash ON keptFiles (hash);
  `,
  `
  CREATE TABLE imageBranches (        -- images that go on from the middle of another one's run
    imageId TEXT PRIMARY KEY,
    parentId TEXT NOT NULL            -- may be deleted
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX branchesByParent ON imageBranches (parentId);
  CREATE TRIGGER imageBranchRemoved AFTER DELETE ON images BEGIN
    DELETE FROM imageBranches WHERE imageId = old.id;
  END;
  `,
  `
  ALTER TABLE jobs ADD COLUMN paused INTEGER NOT NULL DEFAULT 0; -- 1: queued, and held until a person says so
  `,
  `
  CREATE TABLE grids (
    id TEXT PRIMARY KEY,
    createdAt INTEGER NOT NULL,
    definition TEXT NOT NULL          -- what of a GridRecord is not in the other columns, as JSON
  ) STRICT;
  CREATE INDEX gridsByTime ON grids (createdAt);
  CREATE TABLE gridImages (           -- images that are cells of a grid
    imageId TEXT PRIMARY KEY,
    gridId TEXT NOT NULL,             -- may be forgotten
    cell TEXT NOT NULL                -- x,y,z
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX imagesByGrid ON gridImages (gridId);
  CREATE TRIGGER gridImageRemoved AFTER DELETE ON images BEGIN
    DELETE FROM gridImages WHERE imageId = old.id;
  END;
  `,
  addFacts,
  `
  ALTER TABLE images ADD COLUMN imported TEXT; -- Imported as JSON; null: made here
  CREATE TABLE importedFiles (        -- files of the folders that are looked through for pictures
    path TEXT PRIMARY KEY,
    folder TEXT NOT NULL,             -- that of the settings
    stamp TEXT NOT NULL,              -- size and time of modification when it was read
    imageId TEXT                      -- null: it is no picture, it is one that was made here, or it was taken out of the library
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX importedFilesByFolder ON importedFiles (folder, imageId);
  CREATE INDEX importedFilesByImage ON importedFiles (imageId);
  -- What was thrown away for good is not taken in again.
  CREATE TRIGGER importedThrownAway AFTER DELETE ON images WHEN old.imported IS NOT NULL AND old.trashedAt IS NOT NULL BEGIN
    UPDATE importedFiles SET imageId = NULL WHERE imageId = old.id;
  END;
  `,
  hashShape,
  `
  ALTER TABLE jobs ADD COLUMN imagesAhead TEXT; -- numbers of images done beyond imagesDone, as JSON; null: drawn in order
  ALTER TABLE images ADD COLUMN worker TEXT;    -- the worker of a farm that drew it; null: the studio's own engine
  `,
  `
  ALTER TABLE jobs ADD COLUMN asker TEXT;       -- who asked for it: Asker as JSON; null: who sits at the machine
  `,
  addPrompts,
  addSettings,
]

/**
 * Rows in the order of the history (`row` follows the time), so that a page and a search read only what they show; words
 * cut by `indexWords`; what a row cannot be read for is marked; files still to be deleted and starting pictures in use
 * are known.
 */
const secondShape = `
  DROP TRIGGER imageWordsAdded;
  DROP TRIGGER imageWordsRemoved;
  DROP TABLE imageWords;
  DROP INDEX imagesByTime;
  DROP INDEX trashedImagesByTime;
  DROP INDEX imagesByJob;
  ALTER TABLE images RENAME TO oldImages;

  CREATE TABLE images (
    row INTEGER PRIMARY KEY,          -- 1000 × createdAt, or the next free number: newer is larger
    id TEXT NOT NULL UNIQUE,
    jobId TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    trashedAt INTEGER,
    problem TEXT,                     -- why the row cannot be read; it is shown nowhere then
    file TEXT NOT NULL,               -- below the folder of images, with forward slashes
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    request TEXT NOT NULL,            -- ResolvedRequest as JSON
    modelId TEXT NOT NULL,
    modelName TEXT NOT NULL,
    modelHash TEXT NOT NULL,
    engineVersion TEXT NOT NULL,
    onnxRuntimeVersion TEXT NOT NULL,
    device TEXT NOT NULL,
    dtype TEXT NOT NULL,
    timings TEXT NOT NULL             -- Timings as JSON
  ) STRICT;
  CREATE INDEX shownImages ON images (row) WHERE trashedAt IS NULL AND problem IS NULL;
  CREATE INDEX trashedImages ON images (row) WHERE trashedAt IS NOT NULL;
  CREATE INDEX unreadableImages ON images (row) WHERE problem IS NOT NULL;
  CREATE INDEX imagesByJob ON images (jobId, row);

  CREATE VIRTUAL TABLE shownWords USING fts5 (words, tokenize = 'ascii', prefix = '1 2 3', columnsize = 0);
  CREATE VIRTUAL TABLE trashedWords USING fts5 (words, tokenize = 'ascii', prefix = '1 2 3', columnsize = 0);
  -- What is deleted is overwritten, not only marked.
  INSERT INTO shownWords (shownWords, rank) VALUES ('secure-delete', 1);
  INSERT INTO trashedWords (trashedWords, rank) VALUES ('secure-delete', 1);

  -- The words follow the rows: those of a picture in the trash lie apart, and what is not shown has none.
  CREATE TRIGGER imageTrashed AFTER UPDATE OF trashedAt ON images
  WHEN old.trashedAt IS NULL AND new.trashedAt IS NOT NULL BEGIN
    INSERT INTO trashedWords (rowid, words) SELECT rowid, words FROM shownWords WHERE rowid = new.row;
    DELETE FROM shownWords WHERE rowid = new.row;
  END;
  CREATE TRIGGER imageRestored AFTER UPDATE OF trashedAt ON images
  WHEN old.trashedAt IS NOT NULL AND new.trashedAt IS NULL BEGIN
    INSERT INTO shownWords (rowid, words) SELECT rowid, words FROM trashedWords WHERE rowid = new.row;
    DELETE FROM trashedWords WHERE rowid = new.row;
  END;
  CREATE TRIGGER imageMarked AFTER UPDATE OF problem ON images WHEN new.problem IS NOT NULL BEGIN
    DELETE FROM shownWords WHERE rowid = new.row;
    DELETE FROM trashedWords WHERE rowid = new.row;
  END;
  CREATE TRIGGER imageRemoved AFTER DELETE ON images BEGIN
    DELETE FROM shownWords WHERE rowid = old.row;
    DELETE FROM trashedWords WHERE rowid = old.row;
    DELETE FROM imageInputs WHERE imageId = old.id;
  END;

  CREATE TABLE imageInputs (          -- the starting pictures and masks that images refer to
    inputId TEXT NOT NULL,
    imageId TEXT NOT NULL,
    PRIMARY KEY (inputId, imageId)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX inputsByImage ON imageInputs (imageId);

  CREATE TABLE removedFiles (         -- pictures deleted for good whose files are still to be removed
    file TEXT PRIMARY KEY,
    imageId TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE jobs ADD COLUMN problem TEXT; -- why the row cannot be read; it is left out then
`

const largestTime = 8.64e15 / 1000

/** Rows after which it is told how far a step is; fewer take no time worth a word. */
const rowsBetweenWords = 10_000

/** Puts the rows of the first shape into the second, oldest first. */
function refillImages(database: Database, tell: Tell): void {
  const columns = `id, jobId, createdAt, trashedAt, file, width, height, request, modelId, modelName, modelHash,
    engineVersion, onnxRuntimeVersion, device, dtype, timings`
  const copy = database.prepare(
    `INSERT INTO images (row, ${columns}) SELECT ?, ${columns} FROM oldImages WHERE row = ?`,
  )
  const addShown = database.prepare('INSERT INTO shownWords (rowid, words) VALUES (?, ?)')
  const addTrashed = database.prepare('INSERT INTO trashedWords (rowid, words) VALUES (?, ?)')
  const addInput = database.prepare('INSERT OR IGNORE INTO imageInputs (inputId, imageId) VALUES (?, ?)')
  const order = database.prepare('SELECT row FROM oldImages ORDER BY createdAt, id').pluck()
  const byRow = database.prepare('SELECT id, createdAt, trashedAt, request FROM oldImages WHERE row = ?')
  let row = 0
  const oldRows = order.all() as number[]
  for (const [done, oldRow] of oldRows.entries()) {
    if (oldRows.length >= rowsBetweenWords && done % rowsBetweenWords === 0)
      tell({ code: 'broughtUp', values: { done, count: oldRows.length } })
    const old = byRow.get(oldRow) as OldImage
    row = Math.max(row + 1, Math.min(Math.max(old.createdAt, 0), largestTime) * 1000)
    copy.run(row, oldRow)
    const addWords = old.trashedAt === null ? addShown : addTrashed
    addWords.run(row, indexWords(promptIn(old.request)))
    for (const [, inputId] of old.request.matchAll(/"id":"([0-9a-f]{64})"/g)) addInput.run(inputId, old.id)
  }
}

interface OldImage {
  id: string
  createdAt: number
  trashedAt: number | null
  request: string
}

function promptIn(request: string): string {
  try {
    const { prompt } = JSON.parse(request) as { prompt?: unknown }
    return typeof prompt === 'string' ? prompt : ''
  } catch {
    return ''
  }
}
