import type { Database } from 'better-sqlite3'
import { indexWords } from '../searchWords.ts'

/** Makes the function that keeps what pictures are found by in words and answers its id. Pictures with the same words share it. */
export function openPrompts(database: Database): (text: string) => number {
  const find = database.prepare('SELECT id FROM prompts WHERE words = ?').pluck()
  const add = database.prepare('INSERT INTO prompts (words) VALUES (?)')
  return (text) => {
    const words = indexWords(text)
    return (find.get(words) as number | undefined) ?? Number(add.run(words).lastInsertRowid)
  }
}
