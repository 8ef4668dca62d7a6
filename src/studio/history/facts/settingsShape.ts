import type { Database } from 'better-sqlite3'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import type { Tell } from '../database/migrations.ts'
import { readImported, type ImageRow } from '../images/imageRow.ts'
import { readRequest } from '../images/storedRequest.ts'
import { openFacts } from './factsTable.ts'
import { negativeOf, promptOf, variationSeedOf } from './ownFacts.ts'
import { openPrompts } from './promptTable.ts'
import type { MadeWith } from './recipe.ts'

/** What pictures are found by beside their prompt and the main settings: the negative prompt, and what their parts were told. */
const shape = `
  ALTER TABLE imageFacts ADD COLUMN negative INTEGER NOT NULL DEFAULT 0; -- of the prompts; 0: its entry cannot be read
  ALTER TABLE imageFacts ADD COLUMN variationSeed TEXT NOT NULL DEFAULT ''; -- '': it is no variation
`

/** Behind the filling, which they would hold up. */
const shapeOfFilled = `
  CREATE INDEX factsByNegative ON imageFacts (negative);
  CREATE INDEX factsByVariationSeed ON imageFacts (variationSeed) WHERE variationSeed <> '';
  DELETE FROM recipes WHERE id NOT IN (SELECT recipe FROM imageFacts);
  DELETE FROM prompts WHERE id NOT IN (SELECT prompt FROM imageFacts UNION SELECT negative FROM imageFacts);
  -- What nothing refers to any more is forgotten.
  DROP TRIGGER promptUnused;
  CREATE TRIGGER promptUnused AFTER DELETE ON imageFacts BEGIN
    DELETE FROM prompts WHERE id IN (old.prompt, old.negative)
    AND NOT EXISTS (SELECT 1 FROM imageFacts WHERE prompt = prompts.id)
    AND NOT EXISTS (SELECT 1 FROM imageFacts WHERE negative = prompts.id);
  END;
`

/** Rows after which it is told how far this is; fewer take no time worth a word. */
const rowsBetweenWords = 10_000

/** Makes the columns and fills them from the images that are there, whose recipes say more now. Marks stay as they are. */
export function addSettings(database: Database, tell: Tell): void {
  database.exec(shape)
  const rows = database.prepare('SELECT row FROM imageFacts ORDER BY row').pluck().all() as number[]
  const byRow = database.prepare(`SELECT ${columns} FROM images WHERE row = ?`)
  const fill = createFilling(database)
  for (const [done, row] of rows.entries()) {
    if (rows.length >= rowsBetweenWords && done % rowsBetweenWords === 0)
      tell({ code: 'picturesSorted', values: { done, count: rows.length } })
    try {
      fill(row, byRow.get(row) as ImageRow)
    } catch {
      // What cannot be read is told of when it is to be shown.
    }
  }
  database.exec(shapeOfFilled)
}

const columns =
  'request, modelId, modelName, modelHash, engineVersion, onnxRuntimeVersion, device, dtype, width, height, worker, imported'

function createFilling(database: Database): (row: number, image: ImageRow) => void {
  const facts = openFacts(database)
  const keep = openPrompts(database)
  const recipeIds = new Map<string, number>()
  const negativeIds = new Map<string, number>()
  const write = database.prepare(
    'UPDATE imageFacts SET recipe = ?, negative = ?, variationSeed = ? WHERE row = ?',
  )
  const writePrompt = database.prepare('UPDATE imageFacts SET prompt = ? WHERE row = ?')
  return (row, image) => {
    const request = JSON.parse(image.request) as ResolvedRequest
    const made = JSON.stringify({ ...image, request: withoutOwn(request) })
    const recipe = remembered(recipeIds, made, () => facts.recipe(madeWith(image)))
    const text = negativeOf(request)
    const negative = remembered(negativeIds, text, () => keep(text))
    write.run(recipe, negative, variationSeedOf(request), row)
    // The others have theirs.
    if (request.prompt2 || request.hires?.prompt) writePrompt.run(keep(promptOf(request)), row)
  }
}

/** Throws for what cannot be read. */
function madeWith(image: ImageRow): MadeWith {
  const model = { id: image.modelId, name: image.modelName, hash: image.modelHash }
  return { ...image, model, request: readRequest(image.request), imported: readImported(image) }
}

/** What is left is the same in all pictures that were made with the same settings; strengths of LoRAs stand in prompts. */
function withoutOwn(request: ResolvedRequest): object {
  const prompt = request.prompt.includes('<') ? request.prompt : ''
  const texts = { prompt, negativePrompt: '', promptTemplate: '', negativePromptTemplate: '' }
  return { ...request, ...texts, seed: 0, variationSeed: 0, grid: Boolean(request.grid) }
}

/** Answers that are remembered: pictures made alike come one after the other. */
const mostRemembered = 1000

function remembered(ids: Map<string, number>, question: string, find: () => number): number {
  const id = ids.get(question) ?? find()
  if (ids.size === mostRemembered) ids.clear()
  ids.set(question, id)
  return id
}
