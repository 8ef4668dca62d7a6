import type { FacetName } from '../../../shared/pictureQuery/facets.ts'
import type { Condition, Range } from '../../../shared/pictureQuery/parseQuery.ts'
import type { Database } from '../database/database.ts'
import { wantedTerms, type Term } from '../searchWords.ts'
import type { FactColumns } from './factColumns.ts'
import type { PromptIndex } from './promptIndex.ts'
import { addQueryFunctions, imageSql, recipeSql, type Near, type Parameter } from './querySql.ts'

/** What a search lacks of every image: a bit for each facet whose choice it is not of, all bits where it matches in nothing. */
export interface Missing {
  bits: Uint16Array
  /** The bit of a facet; 0: the search chooses nothing of it. */
  bitOf(name: FacetName): number
}

export interface Asked {
  others: readonly Condition[]
  /** Choices of facets, each counted for itself. */
  chosen?: ReadonlyMap<FacetName, Parameter[]>
  trashed: boolean
}

type Words = Extract<Condition, { kind: 'words' | 'negative' }>
const isOfWords = (condition: Condition): condition is Words =>
  condition.kind === 'words' || condition.kind === 'negative'

/** What a prompt must have all of: one such question, or several of which one is enough. */
const questionsOf = (condition: Words): Term[][] =>
  condition.kind === 'words'
    ? [wantedTerms(condition.text)]
    : // The last word counts by its beginning unless something stands behind it.
      condition.values.map((value) => wantedTerms(condition.isWhole ? `${value} ` : value))

const everything = 0xffff

/**
 * Makes the function that holds all images against a search. What is in memory is compared there; of what is not, the rows
 * that are found are marked in one pass, as both are in one order.
 */
export function createMissing(database: Database, prompts: PromptIndex, near: Near) {
  addQueryFunctions(database)
  const rowsOf = (sql: string, values: Record<string, string | number>): number[] =>
    database.prepare(sql).pluck().all(values) as number[]

  return (columns: FactColumns, { others, chosen = new Map(), trashed }: Asked): Missing => {
    const bits = new Uint16Array(columns.rows.length)
    const { states } = columns
    const wanted = Number(trashed)
    for (let at = 0; at < bits.length; at++) if (states[at] !== wanted) bits[at] = everything

    function leaveOutByWords(conditions: readonly Words[]): void {
      const questions = conditions.map(questionsOf)
      const answers = prompts.find(questions.flat())
      for (const [at, { kind, isNegated }] of conditions.entries()) {
        const found = answers.splice(0, questions[at].length)
        const column = kind === 'words' ? columns.prompts : columns.negatives
        const holds = (id: number): boolean => found.some((isFound) => isFound[id] === 1)
        leaveOutByValue(column, holds, { bits, bit: everything, isNegated })
      }
    }

    function leaveOut(condition: Parameter, bit: number): void {
      const { isNegated } = condition
      const ofColumn = columnTest(condition)
      if (ofColumn) return leaveOutByValue(columns[ofColumn.column], ofColumn.holds, { bits, bit, isNegated })
      const ofRecipe = recipeSql(condition)
      if (ofRecipe) {
        const isOf = flagged(rowsOf(`SELECT id FROM recipes WHERE ${ofRecipe.sql}`, ofRecipe.values))
        return leaveOutByValue(columns.recipes, (id) => isOf[id] === 1, { bits, bit, isNegated })
      }
      const { sql, values } = imageSql(condition, near)
      const found = `SELECT facts.row FROM imageFacts AS facts WHERE ${sql} ORDER BY 1 DESC`
      leaveOutByRow(columns.rows, rowsOf(found, values), { bits, bit, isNegated })
    }

    leaveOutByWords(others.filter(isOfWords))
    for (const condition of others) if (!isOfWords(condition)) leaveOut(condition, everything)
    const names = [...chosen.keys()]
    for (const [place, name] of names.entries())
      for (const condition of chosen.get(name)!) leaveOut(condition, 1 << place)
    return { bits, bitOf: (name) => (chosen.has(name) ? 1 << names.indexOf(name) : 0) }
  }
}

/** Where a bit is set, and whether of those that a condition holds for. */
interface Marking {
  bits: Uint16Array
  bit: number
  isNegated: boolean
}

/** Neighbours mostly have the same value, which is asked for once then. */
function leaveOutByValue(
  column: Uint32Array | Uint8Array,
  holds: (value: number) => boolean,
  { bits, bit, isNegated }: Marking,
): void {
  let last = -1
  let isIt = false
  for (let at = 0; at < column.length; at++) {
    if (column[at] !== last) {
      last = column[at]
      isIt = holds(last)
    }
    if (isIt === isNegated) bits[at] |= bit
  }
}

/** @param found rows, newest first */
function leaveOutByRow(
  rows: Float64Array,
  found: readonly number[],
  { bits, bit, isNegated }: Marking,
): void {
  let next = 0
  for (let at = rows.length - 1; at >= 0; at--) {
    while (found[next] > rows[at]) next++
    if ((found[next] === rows[at]) === isNegated) bits[at] |= bit
  }
}

/** What can be told of a condition from a column; null: it needs the database. */
function columnTest(
  condition: Condition,
): { column: 'ratings' | 'days'; holds: (value: number) => boolean } | null {
  const isRating = condition.kind === 'number' && condition.field === 'rating'
  if (condition.kind !== 'days' && !isRating) return null
  const { ranges } = condition
  return {
    column: isRating ? 'ratings' : 'days',
    holds: (value) => ranges.some((range) => isWithin(value, range)),
  }
}

function isWithin(value: number, { min, max, isMinOpen, isMaxOpen }: Range): boolean {
  const isAbove = min === null || value > min || (value === min && !isMinOpen)
  const isBelow = max === null || value < max || (value === max && !isMaxOpen)
  return isAbove && isBelow
}

/** 1 for those named, nothing or 0 for all others. */
function flagged(ids: readonly number[]): Uint8Array {
  let largest = 0
  for (const id of ids) largest = Math.max(largest, id)
  const flags = new Uint8Array(largest + 1)
  for (const id of ids) flags[id] = 1
  return flags
}
