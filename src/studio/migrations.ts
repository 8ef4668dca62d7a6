/**
 * The shape of the database, as steps that each bring it one version on; SQLite's `user_version` counts them.
 * A step that has been released is never edited: add another.
 */
export const migrations: readonly string[] = [
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
]
