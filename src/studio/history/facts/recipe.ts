import type { ImageRecord } from '../../../shared/library/history.ts'
import { noTool, type Imported } from '../../../shared/library/imports.ts'
import type { PictureSource } from '../../../shared/pictureQuery/queryFields.ts'
import { isInpainted } from '../../../shared/request/inpaint.ts'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import { settingsOf } from './settings.ts'

/**
 * What pictures are counted and compared by, without what differs from one to the next (prompt, seed, time). Thousands of
 * pictures have the same, so it is kept once, and a search tries each recipe instead of each picture.
 */
export interface Recipe {
  model: string
  hash: string
  sampler: string
  schedule: string
  device: string
  dtype: string
  /** '': its file does not tell. */
  source: PictureSource | ''
  /** Names as a JSON list. */
  loras: string
  width: number
  height: number
  steps: number
  guidance: number
  /** Settings that are not at their defaults (`settingsOf`), and the program, by the fields of a search, as JSON. */
  settings: string
}

/** What a recipe is made from. */
export type MadeWith = Pick<
  ImageRecord,
  'request' | 'model' | 'device' | 'dtype' | 'width' | 'height' | 'engineVersion' | 'onnxRuntimeVersion'
> & { worker?: string | null; imported?: Pick<Imported, 'tool' | 'recorded'> | null }

export function recipeOf(image: MadeWith): Recipe {
  const { request, model, device, dtype, width, height } = image
  const { sampler, schedule, steps, guidanceScale: guidance } = request
  const source = sourceOf(request)
  const circumstances = { model: model.name, hash: model.hash, device, dtype, source, width, height }
  const loras = JSON.stringify(lorasOf(request))
  const recipe = {
    ...circumstances,
    loras,
    sampler,
    schedule,
    steps,
    guidance,
    settings: JSON.stringify({ ...settingsOf(request), ...madeBy(image) }),
  }
  return image.imported ? asRecorded(recipe, image.imported) : recipe
}

/** The program that made it: ours, or another one. */
function madeBy({ imported, engineVersion, onnxRuntimeVersion, worker }: MadeWith): object {
  if (imported) return { tool: imported.tool ?? noTool }
  return { engine: engineVersion, onnxruntime: onnxRuntimeVersion, ...(worker && { worker }) }
}

/** A number that no file told. */
export const unknownNumber = -1

/** Of an imported picture counts what its file tells. */
function asRecorded(recipe: Recipe, { recorded }: Pick<Imported, 'recorded'>): Recipe {
  const tells = (field: keyof ResolvedRequest): boolean => recorded.includes(field)
  return {
    ...recipe,
    ...{ device: '', dtype: '' },
    sampler: tells('sampler') ? recipe.sampler : '',
    schedule: tells('schedule') ? recipe.schedule : '',
    source: tells('prompt') ? recipe.source : '',
    steps: tells('steps') ? recipe.steps : unknownNumber,
    guidance: tells('guidanceScale') ? recipe.guidance : unknownNumber,
  }
}

function sourceOf(request: ResolvedRequest): PictureSource {
  if (request.editOf) return 'edit'
  if (request.upscaleOf) return 'upscale'
  if (request.branch) return 'branch'
  if (isInpainted(request)) return 'inpainting'
  if (request.initImage) return 'image'
  return request.references.length > 0 ? 'reference' : 'text'
}

function lorasOf({ files, adapters }: ResolvedRequest): string[] {
  const used = files.filter(({ kind }) => kind === 'lora')
  return [...new Set([...used, ...adapters].map(({ name }) => name))].sort()
}
