import type { ImageRecord } from '../../../shared/library/history.ts'
import { noTool, type Imported } from '../../../shared/library/imports.ts'
import type { NumberField, PictureSource, TextField } from '../../../shared/pictureQuery/queryFields.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../../shared/request/request.ts'
import { isInpainted } from '../../../shared/request/inpaint.ts'

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
  /** Settings that are not at their defaults, by `settingOf`, as JSON. */
  settings: string
}

/** Fields of a search that stand in `settings`, under the name that the request has for them. */
export const settingOf = {
  strength: 'denoiseStrength',
  clipskip: 'clipSkip',
  eta: 'eta',
  rescale: 'guidanceRescale',
  variation: 'variationStrength',
  batch: 'batchOf',
  ensd: 'etaNoiseSeedDelta',
  schurn: 'sChurn',
  stmin: 'sTmin',
  stmax: 'sTmax',
  snoise: 'sNoise',
  sigmamin: 'sigmaMin',
  sigmamax: 'sigmaMax',
  rho: 'rho',
  vae: 'vae',
  seedconvention: 'seedConvention',
  hires: 'hires',
  fast: 'fast',
  turbo: 'turbo',
  controlled: 'controls',
} as const satisfies Partial<
  Record<NumberField | TextField | 'hires' | 'fast' | 'turbo' | 'controlled', keyof ResolvedRequest>
>

const defaults = generationRequestSchema.parse({})

/** What a recipe is made from. */
export type MadeWith = Pick<ImageRecord, 'request' | 'model' | 'device' | 'dtype' | 'width' | 'height'> & {
  imported?: Pick<Imported, 'tool' | 'recorded'> | null
}

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
    settings: settingsOf(request),
  }
  return image.imported ? asRecorded(recipe, image.imported) : recipe
}

/** A number that no file told. */
export const unknownNumber = -1

/** Of an imported picture counts what its file tells. */
function asRecorded(recipe: Recipe, { tool, recorded }: Pick<Imported, 'tool' | 'recorded'>): Recipe {
  const tells = (field: keyof ResolvedRequest): boolean => recorded.includes(field)
  return {
    ...recipe,
    ...{ device: '', dtype: '' },
    sampler: tells('sampler') ? recipe.sampler : '',
    schedule: tells('schedule') ? recipe.schedule : '',
    source: tells('prompt') ? recipe.source : '',
    steps: tells('steps') ? recipe.steps : unknownNumber,
    guidance: tells('guidanceScale') ? recipe.guidance : unknownNumber,
    settings: JSON.stringify({ ...(JSON.parse(recipe.settings) as object), tool: tool ?? noTool }),
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

/** Of what has parts of its own it is only said that it is there. */
function settingsOf(request: ResolvedRequest): string {
  const settings: Record<string, unknown> = {}
  for (const [field, name] of Object.entries(settingOf)) {
    const value = request[name]
    const isKept =
      field === 'strength'
        ? request.initImage !== null
        : JSON.stringify(value) !== JSON.stringify(defaults[name])
    if (!isKept) continue
    settings[field] = typeof value === 'object' ? 1 : typeof value === 'boolean' ? Number(value) : value
  }
  return JSON.stringify(settings)
}

/** What a setting is that no recipe names; null: it has no number or name then. */
export function defaultSetting(field: keyof typeof settingOf): number | string | null {
  const value = defaults[settingOf[field]]
  if (field === 'strength' || typeof value === 'object') return null
  return typeof value === 'boolean' ? Number(value) : (value ?? null)
}
