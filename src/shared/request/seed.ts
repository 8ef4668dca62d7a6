import { z } from 'zod'

/** Whole numbers 0 to 2^64-1. Within a double's exact range a number, beyond it a decimal string. */
export type Seed = number | string

const seedRange = 'must be a whole number from 0 to 18446744073709551615'

export const seedSchema = z
  .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^\d{1,20}$/, seedRange)])
  // Checks run even after the ones before them failed, and BigInt throws for what is no whole number.
  .refine((seed) => !/^\d+$/.test(String(seed)) || BigInt(seed) < 2n ** 64n, seedRange)
  .transform((seed): Seed => normalSeed(BigInt(seed)))

/** The one spelling of a seed: a number where that is exact, else a decimal string. */
export const normalSeed = (seed: bigint): Seed =>
  seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed.toString()

/** -1 means random, as in other programs; so does null. */
export const openSeedSchema: z.ZodType<Seed | null, Seed | null> = z.preprocess(
  (seed) => (seed === -1 || seed === '-1' ? null : seed),
  seedSchema.nullable(),
)
