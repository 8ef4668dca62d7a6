import { z } from 'zod'

/**
 * Fields of AUTOMATIC1111's bodies, read as its pydantic reads them: a number may come as its text and a switch as 0 or 1,
 * and null is what was left out.
 */

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined)

const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value

const switches = new Map<unknown, boolean>([
  ...[true, 1, '1', 'true', 'True'].map((value) => [value, true] as const),
  ...[false, 0, '0', 'false', 'False'].map((value) => [value, false] as const),
])
const asSwitch = (value: unknown): unknown => switches.get(value) ?? value

export const number = (min = -Infinity, max = Infinity) =>
  optional(z.preprocess(asNumber, z.number().min(min).max(max)))
export const int = (min: number, max: number) =>
  optional(z.preprocess(asNumber, z.number().int().min(min).max(max)))
export const bool = optional(z.preprocess(asSwitch, z.boolean()))
export const text = optional(z.string())
export const texts = optional(z.array(z.string()))
export const list = optional(z.array(z.unknown()))
export const dictionary = optional(z.record(z.string(), z.unknown()))

/** -1 is any. A large one may come as its digits. */
export const seed = optional(
  z.union([z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^(?:-1|\d{1,20})$/)], {
    error: 'must be a whole number from -1 to 18446744073709551615',
  }),
)

/** Something that there is not here: only values that do not ask for it will do. */
export const lacking = (reason: string, ...idle: readonly unknown[]) =>
  z
    .unknown()
    .refine((value) => value === undefined || value === null || idle.includes(value), reason)
    .optional()

/** Whatever it says, it changes no picture here. */
export const idle = z.unknown().optional()
