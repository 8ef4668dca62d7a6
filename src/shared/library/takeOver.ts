import type { Generation } from './generation.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../request/request.ts'
import { limits } from '../request/limits.ts'
import {
  nearestMethods,
  samplers,
  schedules,
  type SamplerName,
  type ScheduleName,
} from '../models/samplers.ts'

/** What becomes of a file's settings when they are taken over. */
export interface TakenOver {
  request: GenerationRequestInput
  /** Values beyond the limits here, and the nearest within that are taken. */
  replaced: Replaced[]
  /** Methods that nothing here is called, and the names nearest to them to choose from. */
  offered: Offered[]
  /** Everything else that could not be mapped. */
  left: Generation['unmapped']
}

export interface Replaced {
  field: keyof GenerationRequestInput
  key: string
  value: string
  taken: number
}

export type Offered = { key: string; value: string } & (
  { field: 'sampler'; nearest: SamplerName[] } | { field: 'schedule'; nearest: ScheduleName[] }
)

interface Range {
  min: number
  max: number
  multipleOf?: number
}

const fraction: Range = { min: 0, max: 1 }
const whole = { multipleOf: 1 }

/** Numbers of a request and where they have their ends; for the window's fields the same as typing them. */
const ranges: Partial<Record<keyof GenerationRequestInput, Range>> = {
  steps: { ...limits.steps, ...whole },
  guidanceScale: limits.guidanceScale,
  width: limits.size,
  height: limits.size,
  batchSize: { ...limits.batchSize, ...whole },
  clipSkip: { ...limits.clipSkip, ...whole },
  denoiseStrength: fraction,
  guidanceRescale: fraction,
  variationStrength: fraction,
  eta: fraction,
  sChurn: { min: 0, max: 100 },
  sNoise: { min: 0, max: 2 },
  rho: { min: 1, max: 100 },
}

/** The nearest number of a range: rounded to its multiple, then brought between its ends. */
export function nearestNumber(value: number, { min, max, multipleOf }: Range): number {
  const rounded = multipleOf ? Math.round(value / multipleOf) * multipleOf : value
  return Math.min(max, Math.max(min, rounded))
}

/** Sorts what a file tells into what can be taken, what is brought within the limits, and what is left. */
export function takeOver({ request: { branch, ...request }, unmapped }: Generation): TakenOver {
  const taken: TakenOver = { request, replaced: [], offered: [], left: [] }
  // What a branch was drawn as before it turned has no place among the settings of one picture.
  for (const { until, prompt } of branch?.before ?? [])
    taken.left.push({ key: 'Branch', value: `up to prediction ${until}: ${prompt}`, reason: branchStays })
  for (const entry of unmapped) {
    const { key, value, field } = entry
    const number = nearestOf(field, value)
    if (field === 'sampler')
      taken.offered.push({ key, value, field, nearest: nearestMethods(samplers, value) })
    else if (field === 'schedule')
      taken.offered.push({ key, value, field, nearest: nearestMethods(schedules, value) })
    else if (field && number !== undefined) {
      Object.assign(taken.request, { [field]: number })
      taken.replaced.push({ field, key, value, taken: number })
    } else taken.left.push(entry)
  }
  return taken
}

const branchStays = 'the settings are those that the branch ends with'

/** The number that is taken for a value which does not fit its field; undefined where none comes near. */
function nearestOf(field: keyof GenerationRequestInput | undefined, value: string): number | undefined {
  const range = field && ranges[field]
  const number = Number(value)
  if (!range || value.trim() === '' || !Number.isFinite(number)) return undefined
  const nearest = nearestNumber(number, range)
  return generationRequestSchema.shape[field].safeParse(nearest).success ? nearest : undefined
}
