import type { FacetName } from '../../../shared/pictureQuery/facets.ts'
import type { Condition } from '../../../shared/pictureQuery/parseQuery.ts'
import type { Database } from '../database.ts'
import type { FactColumns } from './factColumns.ts'
import { matchingSql } from './matchingSql.ts'
import { recipeSql, type Near } from './querySql.ts'

/** What a search lacks of every image: a bit for each facet whose choice it is not of, all bits where it matches in nothing. */
export interface Missing {
  bits: Uint16Array
  /** The bit of a facet; 0: the search chooses nothing of it. */
  bitOf(name: FacetName): number
}

const everything = 0xffff

/** Makes the function that holds all images against a search, its choices of facets each for itself. */
export function createMissing(database: Database, near: Near) {
  const allRecipes = (sql: string, values: Record<string, string | number>): number[] =>
    database.prepare(`SELECT id FROM recipes WHERE ${sql}`).pluck().all(values) as number[]

  /** null: all match that are not in the trash, or are. */
  function rowsOf(conditions: readonly Condition[], trashed: boolean): readonly number[] | null {
    if (conditions.length === 0) return null
    const matching = matchingSql(conditions, { trashed, near })
    if (!matching) return []
    return database
      .prepare(`${matching.rows('all')} ORDER BY 1`)
      .pluck()
      .all(matching.values) as number[]
  }

  return (
    { rows, states, recipes }: FactColumns,
    search: { others: readonly Condition[]; chosen: ReadonlyMap<FacetName, Condition[]>; trashed: boolean },
  ): Missing => {
    const { others, chosen, trashed } = search
    const bits = new Uint16Array(rows.length)
    const wanted = Number(trashed)
    for (let at = 0; at < bits.length; at++) if (states[at] !== wanted) bits[at] = everything
    const lacking = (found: readonly number[], bit: number): void => {
      let next = 0
      for (let at = 0; at < rows.length; at++) {
        if (found[next] === rows[at]) next++
        else bits[at] |= bit
      }
    }
    /** Whether it could be told from the recipes, without looking for the images. */
    const lackingOfRecipe = (condition: Condition, bit: number): boolean => {
      const ofRecipe = recipeSql(condition)
      if (!ofRecipe) return false
      const isOf = flagged(allRecipes(ofRecipe.sql, ofRecipe.values))
      for (let at = 0; at < rows.length; at++)
        if ((isOf[recipes[at]] === 1) === condition.isNegated) bits[at] |= bit
      return true
    }
    const found = rowsOf(
      others.filter((condition) => !lackingOfRecipe(condition, everything)),
      trashed,
    )
    if (found) lacking(found, everything)
    const names = [...chosen.keys()]
    for (const [place, name] of names.entries())
      for (const condition of chosen.get(name)!)
        if (!lackingOfRecipe(condition, 1 << place)) lacking(rowsOf([condition], trashed)!, 1 << place)
    return { bits, bitOf: (name) => (chosen.has(name) ? 1 << names.indexOf(name) : 0) }
  }
}

/** 1 for those named, nothing or 0 for all others. */
function flagged(ids: readonly number[]): Uint8Array {
  let largest = 0
  for (const id of ids) largest = Math.max(largest, id)
  const flags = new Uint8Array(largest + 1)
  for (const id of ids) flags[id] = 1
  return flags
}
