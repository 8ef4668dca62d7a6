import { facetNames, type Facet, type FacetName, type Facets } from '../../../shared/pictureQuery/facets.ts'
import { printDay } from '../../../shared/pictureQuery/days.ts'
import type { Condition } from '../../../shared/pictureQuery/parseQuery.ts'
import { readQuery } from '../../../shared/pictureQuery/readQuery.ts'
import type { Database } from '../database/database.ts'
import type { FactColumns } from './factColumns.ts'
import type { LabelColumns } from './labelColumns.ts'
import type { Asked, Missing } from './missing.ts'
import type { Parameter } from './querySql.ts'
import type { Recipe } from './recipe.ts'

/** The facts in memory, and how images are held against a search: one of each a connection. */
export interface ImageFacts {
  readColumns(): FactColumns
  readLabels(): LabelColumns
  findMissing(columns: FactColumns, asked: Asked): Missing
}

/** A tag or an album. */
interface Label {
  id: number
  kind: 'tag' | 'album'
  name: string
}

/** Values shown of one facet, those with the most pictures. */
const mostValues = 100

/**
 * Makes the function that counts what a search found by model, LoRA, sampler and so on. A facet that the search names is
 * counted without what it says of it, so that another value can be chosen instead. Throws `bad-request` for a search that
 * cannot be read.
 */
export function createFacetCounter(
  database: Database,
  { readColumns, readLabels, findMissing }: ImageFacts,
): (query: { search: string; trashed: boolean }) => Facets {
  const allRecipes = database.prepare('SELECT * FROM recipes ORDER BY id')
  const allLabels = database.prepare('SELECT * FROM labels ORDER BY name')

  return ({ search, trashed }) => {
    const conditions = readQuery(search)
    const chosen = Map.groupBy(
      conditions.filter((condition): condition is Parameter => facetOf(condition) !== null),
      (condition) => facetOf(condition)!,
    )
    const others = conditions.filter((condition) => facetOf(condition) === null)
    const columns = readColumns()
    const missing = findMissing(columns, { others, chosen, trashed })
    const recipes = allRecipes.all() as (Recipe & { id: number })[]
    const labels = allLabels.all() as Label[]

    const counted = (name: FacetName): Facet[] => {
      const bit = missing.bitOf(name)
      switch (name) {
        case 'rating':
          return countRatings(columns, missing, bit)
        case 'date':
          return countDates(columns, missing, { bit, openMonths: monthsOf(chosen.get('date') ?? []) })
        case 'tag':
        case 'album':
          return countsOf(
            labels.filter(({ kind }) => kind === name),
            countLabels(bit),
          )
        default:
          return sumRecipes(name, recipes, countRecipes(bit))
      }
    }
    /** Of most facets it is the same. */
    const ofRecipes = new Map<number, Uint32Array>()
    const countRecipes = (bit: number): Uint32Array => {
      const known = ofRecipes.get(bit) ?? tally(columns.recipes, recipes.at(-1)?.id ?? 0, missing, bit)
      ofRecipes.set(bit, known)
      return known
    }
    const ofLabels = new Map<number, Uint32Array>()
    const countLabels = (bit: number): Uint32Array => {
      const largest = Math.max(0, ...labels.map(({ id }) => id))
      const known = ofLabels.get(bit) ?? tallyLabels(readLabels(), largest, columns, missing, bit)
      ofLabels.set(bit, known)
      return known
    }
    return Object.fromEntries(facetNames.map((name) => [name, counted(name)])) as Facets
  }
}

const recipeFacets = ['model', 'sampler', 'device', 'source'] as const
const ownFacets: readonly string[] = [...recipeFacets, 'lora', 'tool', 'tag', 'album']

/** The facet that a condition chooses of; null: of none. */
function facetOf(condition: Condition): FacetName | null {
  if (condition.isNegated) return null
  if (condition.kind === 'size') return 'size'
  if (condition.kind === 'days') return 'date'
  if (condition.kind === 'number') return condition.field === 'rating' ? 'rating' : null
  return condition.kind === 'text' && ownFacets.includes(condition.field)
    ? (condition.field as FacetName)
    : null
}

/** How many images that match, but for what a facet's bit says, have each number up to the largest. */
function tally(
  numbers: Uint32Array | Uint8Array,
  largest: number,
  { bits }: Missing,
  bit: number,
): Uint32Array {
  const counts = new Uint32Array(largest + 1)
  for (let at = 0; at < numbers.length; at++) if ((bits[at] & ~bit) === 0) counts[numbers[at]]++
  return counts
}

const countRatings = ({ ratings }: FactColumns, missing: Missing, bit: number): Facet[] =>
  [...tally(ratings, 7, missing, bit)]
    .flatMap((count, rating) => (rating > 0 && count > 0 ? [{ value: String(rating), count }] : []))
    .reverse()

/** Months whose days are wanted: those that a search names, or names a day of. */
const monthsOf = (conditions: readonly Condition[]): number[] =>
  conditions
    .flatMap((condition) => (condition.kind === 'days' ? condition.ranges : []))
    .flatMap(({ min, max }) => {
      const [first, last] = [Math.floor((min ?? 0) / 100), Math.floor((max ?? 0) / 100)]
      return first === last ? [first] : []
    })

function countDates(
  { days }: FactColumns,
  { bits }: Missing,
  { bit, openMonths }: { bit: number; openMonths: readonly number[] },
): Facet[] {
  const ofDays = new Map<number, number>()
  // Neighbours are mostly of one day.
  let [day, count] = [0, 0]
  const take = (): void => void (count > 0 && ofDays.set(day, (ofDays.get(day) ?? 0) + count))
  for (let at = 0; at < days.length; at++) {
    if ((bits[at] & ~bit) !== 0) continue
    if (days[at] !== day) {
      take()
      ;[day, count] = [days[at], 0]
    }
    count++
  }
  take()
  const newest = [...ofDays].sort(([one], [other]) => other - one)
  const months = Map.groupBy(newest, ([each]) => Math.floor(each / 100))
  const facet = (value: number, of: readonly [number, number][]): Facet => ({
    value: printDay(value),
    count: of.reduce((sum, [, each]) => sum + each, 0),
  })
  return [...months].flatMap(([month, of]) => [
    facet(month, of),
    ...(openMonths.includes(month) ? of.map((each) => facet(each[0], [each])) : []),
  ])
}

/** How many images that match, but for what a facet's bit says, have each label up to the largest. */
function tallyLabels(
  { rows, labels }: LabelColumns,
  largest: number,
  columns: FactColumns,
  { bits }: Missing,
  bit: number,
): Uint32Array {
  const counts = new Uint32Array(largest + 1)
  // Both are in the order of the rows.
  let place = 0
  for (let at = 0; at < rows.length; at++) {
    while (columns.rows[place] < rows[at]) place++
    if (columns.rows[place] === rows[at] && (bits[place] & ~bit) === 0) counts[labels[at]]++
  }
  return counts
}

const countsOf = (labels: readonly Label[], ofLabels: Uint32Array): Facet[] =>
  labels.flatMap(({ id, name }) => (ofLabels[id] > 0 ? [{ value: name, count: ofLabels[id] }] : []))

/** The recipes' counts by what each has of a facet, those with the most pictures first. */
function sumRecipes(
  name: FacetName,
  recipes: readonly (Recipe & { id: number })[],
  ofRecipes: Uint32Array,
): Facet[] {
  const counts = new Map<string, number>()
  for (const recipe of recipes) {
    const count = ofRecipes[recipe.id] ?? 0
    if (count > 0)
      for (const value of valuesOf(name, recipe)) counts.set(value, (counts.get(value) ?? 0) + count)
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count)
    .slice(0, mostValues)
}

function valuesOf(name: FacetName, recipe: Recipe): string[] {
  if (name === 'size') return [`${recipe.width}x${recipe.height}`]
  if (name === 'lora') return JSON.parse(recipe.loras) as string[]
  // Those of no program were made here.
  if (name === 'tool')
    return recipe.settings.includes('"tool":') ? [(JSON.parse(recipe.settings) as { tool: string }).tool] : []
  const value = recipe[name as (typeof recipeFacets)[number]]
  return value === '' ? [] : [value]
}
