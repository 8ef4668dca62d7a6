import type { Database } from 'better-sqlite3'
import { indexWords } from '../searchWords.ts'

/** Writes what images are found by in words. Pictures with the same words share them. */
export interface Prompts {
  /** Of an image whose facts are there. */
  put(row: number, prompt: string): void
}

export function openPrompts(database: Database): Prompts {
  const find = database.prepare('SELECT id FROM prompts WHERE words = ?').pluck()
  const add = database.prepare('INSERT INTO prompts (words) VALUES (?)')
  const write = database.prepare('UPDATE imageFacts SET prompt = ? WHERE row = ?')
  return {
    put(row, prompt) {
      const words = indexWords(prompt)
      write.run(find.get(words) ?? add.run(words).lastInsertRowid, row)
    },
  }
}
