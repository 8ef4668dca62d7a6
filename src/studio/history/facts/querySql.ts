import type { Database } from 'better-sqlite3'
import type { Condition, Range } from '../../../shared/pictureQuery/parseQuery.ts'
import { foldText } from '../../../shared/pictureQuery/foundWords.ts'
import type { Flag, NumberField, TextField } from '../../../shared/pictureQuery/queryFields.ts'
import { unknownNumber } from './recipe.ts'
import { defaultSetting, partSettings, settingOf } from './settings.ts'

/** A condition as SQL over `recipes`, or over `imageFacts` called `facts`. What a person wrote is bound, never part of the text. */
export interface ConditionSql {
  sql: string
  values: Record<string, string | number>
}

/** Conditions that are not of the words of prompts. */
export type Parameter = Exclude<Condition, { kind: 'words' | 'negative' }>

/** Makes what the searches' SQL calls. */
export function addQueryFunctions(database: Database): void {
  database.function('fold', { deterministic: true }, (text) => foldText(String(text)))
}

/** A condition as SQL over `recipes`; null: it is not of them alone. */
export function recipeSql(condition: Parameter): ConditionSql | null {
  const { bind, values } = createBinding()
  const { sql, isOfRecipe } = conditionSql(condition, () => [], bind)
  return isOfRecipe ? { sql, values } : null
}

/**
 * A condition that is not of recipes alone as SQL over `imageFacts`.
 * @param near what looks like pictures: see `HashTable`.
 */
export function imageSql(condition: Parameter, near: Near): ConditionSql {
  const { bind, values } = createBinding()
  return { sql: conditionSql(condition, near, bind).sql, values }
}

function createBinding(): Pick<ConditionSql, 'values'> & { bind: Bind } {
  const values: ConditionSql['values'] = {}
  const bind = (value: string | number): string => {
    const name = `v${Object.keys(values).length}`
    values[name] = value
    return `@${name}`
  }
  return { bind, values }
}

type Bind = (value: string | number) => string
export type Near = (imageIds: readonly string[]) => number[]

const anyOf = <Value>(values: readonly Value[], sql: (value: Value) => string): string =>
  `(${values.map(sql).join(' OR ')})`

function conditionSql(condition: Parameter, near: Near, bind: Bind): { sql: string; isOfRecipe: boolean } {
  switch (condition.kind) {
    case 'seed':
      return { sql: anyOf(condition.values, (seed) => `facts.seed = ${bind(seed)}`), isOfRecipe: false }
    case 'variationSeed': {
      const isIt = anyOf(condition.values, (seed) => `facts.variationSeed = ${bind(seed)}`)
      return { sql: `(facts.variationSeed <> '' AND ${isIt})`, isOfRecipe: false }
    }
    case 'days':
      return {
        sql: anyOf(condition.ranges, (range) => rangeSql('facts.day', range, bind)),
        isOfRecipe: false,
      }
    case 'size': {
      const sql = anyOf(
        condition.values,
        ({ width, height }) => `(width = ${bind(width)} AND height = ${bind(height)})`,
      )
      return { sql, isOfRecipe: true }
    }
    case 'similar': {
      const found = `SELECT value FROM json_each(${bind(JSON.stringify(near(condition.ids)))})`
      const sql = `facts.row IN (SELECT row FROM perceptualHashes WHERE id IN (${found}))`
      return { sql, isOfRecipe: false }
    }
    case 'flag':
      return flagsSql(condition.values)
    case 'number': {
      const { field, ranges } = condition
      const isIt = (column: string): string => anyOf(ranges, (range) => rangeSql(column, range, bind))
      if (field === 'rating') return { sql: isIt('facts.rating'), isOfRecipe: false }
      return { sql: isPart(field) ? someOf(field, isIt) : isIt(numberColumn(field, bind)), isOfRecipe: true }
    }
    case 'text':
      return textSql(condition, bind)
  }
}

function rangeSql(column: string, { min, max, isMinOpen, isMaxOpen }: Range, bind: Bind): string {
  if (min !== null && min === max) return `${column} = ${bind(min)}`
  const sides = [
    ...(min === null ? [] : [`${column} ${isMinOpen ? '>' : '>='} ${bind(min)}`]),
    ...(max === null ? [] : [`${column} ${isMaxOpen ? '<' : '<='} ${bind(max)}`]),
  ]
  return `(${sides.join(' AND ') || `${column} IS NOT NULL`})`
}

/** The program of an imported picture; null: it was made here. */
const tool = `json_extract(settings, '$.tool')`

/** A setting that has its default where a recipe is silent. */
function setting(field: keyof typeof settingOf, bind: Bind): string {
  const value = `json_extract(settings, '$.${field}')`
  const without = defaultSetting(field)
  // What an imported picture's file does not tell is no default.
  return without === null
    ? value
    : `CASE WHEN ${tool} IS NULL THEN ifnull(${value}, ${bind(without)}) ELSE ${value} END`
}

const isPlain = (field: string): field is keyof typeof settingOf => Object.hasOwn(settingOf, field)
const isPart = (field: string): field is keyof typeof partSettings => Object.hasOwn(partSettings, field)

/** Whether a condition holds for one of the values of a part. Most recipes have none: those are not taken apart. */
const someOf = (field: keyof typeof partSettings, isIt: (column: string) => string): string =>
  `(instr(settings, '"${field}":') > 0
    AND EXISTS (SELECT 1 FROM json_each(settings, '$.${field}') WHERE ${isIt('value')}))`

function numberColumn(field: NumberField, bind: Bind): string {
  if (field === 'steps' || field === 'guidance') return `nullif(${field}, ${unknownNumber})`
  return isPlain(field) ? setting(field, bind) : field
}

const recipeTexts: Partial<Record<TextField, string>> = {
  model: 'model',
  hash: 'hash',
  sampler: 'sampler',
  schedule: 'schedule',
  device: 'device',
  precision: 'dtype',
  source: 'source',
  tool,
  engine: `json_extract(settings, '$.engine')`,
  onnxruntime: `json_extract(settings, '$.onnxruntime')`,
  worker: `json_extract(settings, '$.worker')`,
}

function textSql(
  { field, values, isWhole }: Extract<Condition, { kind: 'text' }>,
  bind: Bind,
): { sql: string; isOfRecipe: boolean } {
  const isIt = (column: string): string =>
    anyOf(values.map(foldText), (value) =>
      isWhole ? `fold(${column}) = ${bind(value)}` : `instr(fold(${column}), ${bind(value)}) > 0`,
    )
  if (field === 'tag' || field === 'album') {
    const sql = `facts.row IN (SELECT row FROM imageLabels WHERE label IN (SELECT id FROM labels WHERE kind = '${field}' AND ${isIt('name')}))`
    return { sql, isOfRecipe: false }
  }
  if (field === 'folder') {
    const sql = `facts.row IN (SELECT images.row FROM importedFiles JOIN images ON images.id = imageId WHERE ${isIt('folder')})`
    return { sql, isOfRecipe: false }
  }
  if (field === 'lora')
    return { sql: `EXISTS (SELECT 1 FROM json_each(loras) WHERE ${isIt('value')})`, isOfRecipe: true }
  if (isPart(field)) return { sql: someOf(field, isIt), isOfRecipe: true }
  const column = isPlain(field) ? setting(field, bind) : recipeTexts[field]!
  return { sql: `(${column} IS NOT NULL AND ${isIt(column)})`, isOfRecipe: true }
}

const labelled = (kind: 'tag' | 'album'): string =>
  `facts.row IN (SELECT row FROM imageLabels WHERE label IN (SELECT id FROM labels WHERE kind = '${kind}'))`

const imageFlags: Partial<Record<Flag, string>> = {
  rated: 'facts.rating > 0',
  rejected: 'facts.isRejected = 1',
  tagged: labelled('tag'),
  collected: labelled('album'),
}

function flagsSql(wanted: readonly Flag[]): { sql: string; isOfRecipe: boolean } {
  const isOfRecipe = wanted.every((flag) => imageFlags[flag] === undefined)
  const ofSettings = (flag: Flag): string =>
    `json_extract(settings, '$.${flag === 'imported' ? 'tool' : flag}') IS NOT NULL`
  if (isOfRecipe) return { sql: anyOf(wanted, ofSettings), isOfRecipe }
  const inRecipes = (flag: Flag): string =>
    `facts.recipe IN (SELECT id FROM recipes WHERE ${ofSettings(flag)})`
  return { sql: anyOf(wanted, (flag) => imageFlags[flag] ?? inRecipes(flag)), isOfRecipe: false }
}
