import type { Condition } from '../../../shared/pictureQuery/parseQuery.ts'
import { querySql, type Near } from './querySql.ts'

/** Where a search reads. */
export interface MatchingSql {
  /** The part of a SELECT from `FROM` on: everything there matches. */
  from: string
  /** The column that has the row of the image. */
  row: string
  /** What must hold of `imageFacts AS facts`, where something else leads to them. */
  ofFacts: string
  /** Doclists that words make it read. */
  terms: number
  values: Record<string, string | number>
}

/**
 * Reads as little as it can: the images' own index, that of the words, the narrow table of facts, or the last two.
 * null: nothing can match.
 */
export function matchingSql(
  conditions: readonly Condition[],
  { trashed, withFacts, near }: { trashed: boolean; withFacts: boolean; near: Near },
): MatchingSql | null {
  const words = trashed ? 'trashedWords' : 'shownWords'
  const query = querySql(conditions, words, near)
  if (!query) return null
  const { match, terms, where } = query
  const facts = `facts.state = ${Number(trashed)}${where === null ? '' : ` AND ${where}`}`
  // The unary plus: whoever leads to the facts is few, and what the words find is looked up there, not gone through.
  const hasWords = `+facts.row IN (SELECT rowid FROM ${words} WHERE ${words} MATCH @match)`
  const same = {
    ofFacts: match === null ? facts : `${facts} AND ${hasWords}`,
    terms,
    values: match === null ? query.values : { ...query.values, match },
  }
  const readsFacts = withFacts || where !== null
  if (match === null) {
    const state = `trashedAt IS ${trashed ? 'NOT NULL' : 'NULL'} AND problem IS NULL`
    return readsFacts
      ? { ...same, row: 'facts.row', from: `imageFacts AS facts WHERE ${facts}` }
      : { ...same, row: 'row', from: `images WHERE ${state}` }
  }
  const found = `${words} WHERE ${words} MATCH @match`
  if (!readsFacts) return { ...same, row: 'rowid', from: found }
  const both = `${words} CROSS JOIN imageFacts AS facts ON facts.row = ${words}.rowid`
  return { ...same, row: `${words}.rowid`, from: `${both} WHERE ${words} MATCH @match AND ${facts}` }
}
