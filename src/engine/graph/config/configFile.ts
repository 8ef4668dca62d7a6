import { StudioError } from '../../../shared/errors.ts'

/** Numbers of an architecture, read from the config.json that lies beside diffusers and transformers weights. */

/** config.json, parsed. */
export type ConfigFile = Readonly<Record<string, unknown>>

export const optional = (file: ConfigFile, key: string): unknown => file[key] ?? null

export const unsupported = (key: string, value: unknown): StudioError =>
  new StudioError(
    'unsupported-model',
    `The model's config.json says ${key} = ${JSON.stringify(value)}, which this version cannot run.`,
  )

export function requireValues(file: ConfigFile, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values))
    if (key in file && file[key] !== value) throw unsupported(key, file[key])
}

export function requireEach(file: ConfigFile, key: string, allowed: readonly string[]): void {
  const values = file[key]
  if (values === undefined) return
  if (!Array.isArray(values) || !values.every((value) => allowed.includes(value as string)))
    throw unsupported(key, values)
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 24

export function count(file: ConfigFile, key: string, otherwise: number): number {
  return optionalCount(file, key) ?? otherwise
}

export function optionalCount(file: ConfigFile, key: string): number | null {
  const value = optional(file, key)
  if (value === null || isCount(value)) return value
  throw unsupported(key, value)
}

export function counts(file: ConfigFile, key: string, otherwise: readonly number[]): readonly number[] {
  const value = optional(file, key) ?? otherwise
  if (Array.isArray(value) && value.length > 0 && value.length <= 16 && value.every(isCount)) return value
  throw unsupported(key, value)
}

/** One number for all levels, or one for each. */
export function perLevel(file: ConfigFile, key: string, levels: number, otherwise: number): number[] {
  const value = optional(file, key) ?? otherwise
  if (isCount(value)) return Array<number>(levels).fill(value)
  if (Array.isArray(value) && value.length === levels && value.every(isCount)) return value
  throw unsupported(key, value)
}

export function real(file: ConfigFile, key: string, otherwise: number): number {
  const value = optional(file, key) ?? otherwise
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw unsupported(key, value)
}
