import type { Database } from 'better-sqlite3'
import { dayOf } from '../../../shared/pictureQuery/days.ts'
import { recipeOf, type MadeWith, type Recipe } from './recipe.ts'

/** Writes what an image is looked for by. */
export interface Facts {
  /** The id of a recipe, which is kept once. */
  recipe(image: MadeWith): number
  put(
    row: { row: number; trashedAt: number | null; problem: string | null },
    image: MadeWith & { createdAt: number },
  ): void
}

const columns = [
  'model',
  'hash',
  'sampler',
  'schedule',
  'device',
  'dtype',
  'source',
  'loras',
  'width',
  'height',
  'steps',
  'guidance',
  'settings',
] as const satisfies readonly (keyof Recipe)[]

export function openFacts(database: Database): Facts {
  const names = columns.join(', ')
  const find = database
    .prepare(`SELECT id FROM recipes WHERE ${columns.map((name) => `${name} = @${name}`).join(' AND ')}`)
    .pluck()
  const addRecipe = database.prepare(
    `INSERT INTO recipes (${names}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  )
  const add = database.prepare(
    'INSERT OR REPLACE INTO imageFacts (row, state, recipe, day, seed) VALUES (@row, @state, @recipe, @day, @seed)',
  )
  function recipe(image: MadeWith): number {
    const made = recipeOf(image)
    return (find.get(made) as number | undefined) ?? Number(addRecipe.run(made).lastInsertRowid)
  }
  return {
    recipe,
    put({ row, trashedAt, problem }, image) {
      const state = problem !== null ? 2 : trashedAt !== null ? 1 : 0
      const hasSeed = !image.imported || image.imported.recorded.includes('seed')
      const seed = hasSeed ? String(image.request.seed) : ''
      add.run({ row, state, recipe: recipe(image), day: dayOf(image.createdAt), seed })
    },
  }
}
