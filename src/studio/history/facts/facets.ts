import type { Facet, FacetName, Facets } from '../../../shared/facets.ts'
import { printDay } from '../../../shared/pictureQuery/days.ts'
import type { Condition } from '../../../shared/pictureQuery/parseQuery.ts'
import { readQuery } from '../../../shared/pictureQuery/readQuery.ts'
import type { Database } from '../database.ts'
import { matchingSql, type MatchingSql } from './matchingSql.ts'
import type { Near } from './querySql.ts'
import type { Recipe } from './recipe.ts'

/** Values shown of one facet, those with the most pictures. */
const mostValues = 100

/**
 * Makes the function that counts what a search found by model, LoRA, sampler and so on. A facet that the search names is
 * counted without what it says of it, so that another value can be chosen instead. Throws `bad-request` for a search that
 * cannot be read.
 */
export function createFacetCounter(
  database: Database,
  near: Near,
): (query: { search: string; trashed: boolean }) => Facets {
  const countAll = createCounter(database, near)
  return ({ search, trashed }) => {
    const conditions = readQuery(search)
    const facets = countAll(conditions, trashed)
    for (const name of new Set(conditions.flatMap(facetOf))) {
      const others = conditions.filter((condition) => !facetOf(condition).includes(name))
      facets[name] = countAll(others, trashed)[name]
    }
    return facets
  }
}

/** The facet that a condition chooses of. */
function facetOf(condition: Condition): FacetName[] {
  if (condition.isNegated) return []
  if (condition.kind === 'size') return ['size']
  if (condition.kind === 'days') return ['date']
  if (condition.kind === 'number') return condition.field === 'rating' ? ['rating'] : []
  if (condition.kind !== 'text') return []
  const { field } = condition
  return recipeFacets.some((name) => name === field) ||
    field === 'lora' ||
    field === 'tool' ||
    field === 'tag' ||
    field === 'album'
    ? [field as FacetName]
    : []
}

const recipeFacets = ['model', 'sampler', 'device', 'source'] as const

/** One number for all that is counted of an image: recipe, stars and day are read in one pass, and taken apart here. */
const packed = '(facts.recipe * 8 + facts.rating) * 134217728 + facts.day'
const dayRange = 2 ** 27

function createCounter(database: Database, near: Near) {
  const recipes = database.prepare('SELECT * FROM recipes')

  /** From the labels to the images: where few images have any, little is read. */
  function countLabels(kind: 'tag' | 'album', matching: MatchingSql | null): Facet[] {
    if (!matching) return []
    const sql = `SELECT name AS value, count(*) AS count
      FROM labels CROSS JOIN imageLabels ON label = labels.id CROSS JOIN imageFacts AS facts ON facts.row = imageLabels.row
      WHERE kind = '${kind}' AND ${matching.ofFacts} GROUP BY labels.id ORDER BY name`
    return database.prepare(sql).all(matching.values) as Facet[]
  }

  return (conditions: readonly Condition[], trashed: boolean): Facets => {
    const counts = new Map<FacetName, Map<string, number>>()
    const add = (name: FacetName, value: string, count: number): void => {
      const of = counts.get(name) ?? new Map<string, number>()
      counts.set(name, of.set(value, (of.get(value) ?? 0) + count))
    }
    const matching = matchingSql(conditions, { trashed, withFacts: true, near })
    const numbers = matching
      ? (database.prepare(`SELECT ${packed} FROM ${matching.from}`).pluck().all(matching.values) as number[])
      : []
    const { ofRecipe, ofRating, ofMonth } = tally(numbers)
    for (const recipe of recipes.all() as (Recipe & { id: number })[]) {
      const count = ofRecipe.get(recipe.id)
      if (count === undefined) continue
      for (const name of recipeFacets) if (recipe[name] !== '') add(name, recipe[name], count)
      const tool = toolOf(recipe)
      if (tool !== null) add('tool', tool, count)
      add('size', `${recipe.width}x${recipe.height}`, count)
      for (const lora of JSON.parse(recipe.loras) as string[]) add('lora', lora, count)
    }
    for (const [rating, count] of ofRating) if (rating > 0) add('rating', String(rating), count)
    for (const [month, count] of ofMonth) add('date', printDay(month), count)

    const byCount = (name: FacetName): Facet[] =>
      listOf(counts.get(name))
        .sort((one, other) => other.count - one.count)
        .slice(0, mostValues)
    const byValue = (name: FacetName): Facet[] =>
      listOf(counts.get(name)).sort((one, other) => (one.value < other.value ? 1 : -1))
    return {
      ...{
        model: byCount('model'),
        lora: byCount('lora'),
        sampler: byCount('sampler'),
        size: byCount('size'),
      },
      ...{
        date: byValue('date'),
        rating: byValue('rating'),
        source: byCount('source'),
        device: byCount('device'),
        tool: byCount('tool'),
      },
      ...{ tag: countLabels('tag', matching), album: countLabels('album', matching) },
    }
  }
}

/** The program that an imported picture is from; null: those were made here. */
const toolOf = ({ settings }: Recipe): string | null =>
  settings.includes('"tool"') ? (JSON.parse(settings) as { tool: string }).tool : null

const listOf = (counts: ReadonlyMap<string, number> | undefined): Facet[] =>
  [...(counts ?? [])].map(([value, count]) => ({ value, count }))

function tally(numbers: readonly number[]) {
  const ofRecipe = new Map<number, number>()
  const ofRating = new Map<number, number>()
  const ofMonth = new Map<number, number>()
  const count = (counts: Map<number, number>, value: number): void =>
    void counts.set(value, (counts.get(value) ?? 0) + 1)
  for (const number of numbers) {
    const upper = Math.floor(number / dayRange)
    count(ofRecipe, Math.floor(upper / 8))
    count(ofRating, upper % 8)
    count(ofMonth, Math.floor((number % dayRange) / 100))
  }
  return { ofRecipe, ofRating, ofMonth }
}
