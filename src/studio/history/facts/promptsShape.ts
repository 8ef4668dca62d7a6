import type { Database } from 'better-sqlite3'
import type { Tell } from '../database/migrations.ts'
import { openPrompts } from './promptTable.ts'

/** What pictures are found by in words: their prompts, each once, in the place of an index of SQLite. */
const shape = `
  CREATE TABLE prompts (              -- what prompts are searched by
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    words TEXT NOT NULL UNIQUE        -- see searchWords.ts
  ) STRICT;
  ALTER TABLE imageFacts ADD COLUMN prompt INTEGER NOT NULL DEFAULT 0; -- 0: its entry cannot be read
  CREATE INDEX factsByPrompt ON imageFacts (prompt);
  CREATE INDEX factsBySeed ON imageFacts (seed);
  -- What nothing refers to any more is forgotten.
  CREATE TRIGGER promptUnused AFTER DELETE ON imageFacts
  WHEN NOT EXISTS (SELECT 1 FROM imageFacts WHERE prompt = old.prompt) BEGIN
    DELETE FROM prompts WHERE id = old.prompt;
  END;

  DROP TRIGGER imageTrashed;
  DROP TRIGGER imageRestored;
  DROP TRIGGER imageMarked;
  DROP TRIGGER imageRemoved;
  CREATE TRIGGER imageRemoved AFTER DELETE ON images BEGIN
    DELETE FROM imageInputs WHERE imageId = old.id;
  END;
  DROP TABLE shownWords;
  DROP TABLE trashedWords;
`

/** Rows after which it is told how far this is; fewer take no time worth a word. */
const rowsBetweenWords = 10_000

/** Makes the table and fills it from the images that are there. */
export function addPrompts(database: Database, tell: Tell): void {
  database.exec(shape)
  const keep = openPrompts(database)
  const write = database.prepare('UPDATE imageFacts SET prompt = ? WHERE row = ?')
  const rows = database.prepare('SELECT row FROM imageFacts ORDER BY row').pluck().all() as number[]
  const promptOf = database
    .prepare("SELECT json_extract(request, '$.prompt') FROM images WHERE row = ? AND json_valid(request)")
    .pluck()
  for (const [done, row] of rows.entries()) {
    if (rows.length >= rowsBetweenWords && done % rowsBetweenWords === 0)
      tell({ code: 'promptsSorted', values: { done, count: rows.length } })
    const prompt = promptOf.get(row)
    if (typeof prompt === 'string') write.run(keep(prompt), row)
  }
}
