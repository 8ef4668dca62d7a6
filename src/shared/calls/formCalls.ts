import { z } from 'zod'

/** What is asked for next, as the window's form stands; the part of the contract that is about keeping it. */

const keptFormSchema = z.object({
  /** When a person last changed it, in ms since 1970, by the clock of their browser. */
  changedAt: z.number().int().min(0),
  /** Fields of a request. Each is read by itself: another version of the window may have written it. */
  request: z.record(z.string(), z.unknown()),
  seedLocked: z.boolean(),
})
export type KeptForm = z.output<typeof keptFormSchema>

export const formCallSchemas = {
  keptForm: z.tuple([]),
  keepForm: z.tuple([keptFormSchema]),
} as const

export interface FormCalls {
  /** The form as it was last kept, whichever browser it was in; null: it never was. */
  keptForm(): Promise<KeptForm | null>
  keepForm(form: KeptForm): Promise<void>
}

/** Reads a form that was kept; null: it is none. */
export function readKeptForm(text: string): KeptForm | null {
  try {
    return keptFormSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
