import type { Condition } from '../../../shared/pictureQuery/parseQuery.ts'
import { querySql, type Near } from './querySql.ts'

/** Where a search reads. */
export interface MatchingSql {
  /** A SELECT of the rows of all images that match, or of those before the row `@before`; to be sorted by its one column. */
  rows(which: 'all' | 'before'): string
  /** What must hold of `imageFacts AS facts`, where something else leads to them. */
  ofFacts: string
  /** Doclists that words make it read. */
  terms: number
  values: Record<string, string | number>
}

/**
 * Reads as little as it can: the images' own index, that of the words, the narrow table of facts, or several of them. All are
 * in the order of the rows, so what they have in common is found in one pass over each. null: nothing can match.
 */
export function matchingSql(
  conditions: readonly Condition[],
  { trashed, near }: { trashed: boolean; near: Near },
): MatchingSql | null {
  const words = trashed ? 'trashedWords' : 'shownWords'
  const query = querySql(conditions, near)
  if (!query) return null
  const { terms, where } = query
  // What has words and lacks others is one question to the index.
  const isBoth = query.match !== null && query.without !== null
  const match = isBoth ? `(${query.match}) NOT (${query.without})` : query.match
  const without = isBoth ? null : query.without
  const facts = `facts.state = ${Number(trashed)}${where === null ? '' : ` AND ${where}`}`
  const found = (name: string): string => `SELECT rowid FROM ${words} WHERE ${words} MATCH ${name}`
  const shown = `SELECT row FROM images WHERE trashedAt IS ${trashed ? 'NOT NULL' : 'NULL'} AND problem IS NULL`

  function rows(which: 'all' | 'before'): string {
    const before = (column: string): string => (which === 'all' ? '' : ` AND ${column} < @before`)
    const named = [
      ...(where === null
        ? []
        : [`SELECT facts.row FROM imageFacts AS facts WHERE ${facts}${before('facts.row')}`]),
      ...(match === null ? [] : [`${found('@match')}${before('rowid')}`]),
    ]
    const all = named.length > 0 ? named.join(' INTERSECT ') : `${shown}${before('row')}`
    return without === null ? all : `${all} EXCEPT ${found('@without')}${before('rowid')}`
  }

  // The unary plus: whoever leads to the facts is few, and what the words find is looked up there, not gone through.
  const ofWords = [
    ...(match === null ? [] : [`+facts.row IN (${found('@match')})`]),
    ...(without === null ? [] : [`+facts.row NOT IN (${found('@without')})`]),
  ]
  return {
    rows,
    ofFacts: [facts, ...ofWords].join(' AND '),
    terms,
    values: { ...query.values, ...(match !== null && { match }), ...(without !== null && { without }) },
  }
}
