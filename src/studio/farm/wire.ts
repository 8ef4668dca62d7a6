import { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import { timingsSchema } from '../../shared/library/history.ts'
import { phases } from '../../shared/queue/jobs.ts'
import { devices } from '../../shared/request/request.ts'
import { seedSchema } from '../../shared/request/seed.ts'

/** What workers and studio tell each other over HTTP, below /farm/. */

export const versionHeader = 'x-latent-studio-version'

/** A JSON object on the first line, and bytes behind it. */
export function packed(head: object, bytes: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes]))
}

/** Throws `bad-request` for what is not packed so. */
export function unpacked<Schema extends z.ZodType>(
  body: Buffer,
  schema: Schema,
): { head: z.output<Schema>; bytes: Buffer } {
  const end = body.indexOf('\n')
  const line = body.subarray(0, end === -1 ? body.length : end).toString('utf8')
  let said: unknown
  try {
    said = JSON.parse(line)
  } catch (cause) {
    throw new StudioError('bad-request', 'The body must begin with a line of JSON.', { cause })
  }
  const { success, data, error } = schema.safeParse(said)
  if (!success) throw new StudioError('bad-request', `The body: ${z.prettifyError(error)}`)
  return { head: data, bytes: end === -1 ? Buffer.alloc(0) : body.subarray(end + 1) }
}

export const takeSchema = z.object({ worker: z.string().min(1).max(100) })

/** Behind it, where a size is given, the RGB bytes of a preview. */
export const progressSchema = z.object({
  worker: z.string(),
  phase: z.enum(phases),
  step: z.number(),
  steps: z.number(),
  pass: z.union([z.literal(1), z.literal(2), z.null()]),
  preview: z.object({ width: z.number().int().positive(), height: z.number().int().positive() }).nullable(),
})

/** Behind it the PNG. */
export const pictureSchema = z.object({
  worker: z.string().min(1).max(100),
  engineVersion: z.string(),
  onnxRuntimeVersion: z.string(),
  /** Of the PNG. */
  sha256: z.string().length(64),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  index: z.number().int().min(0),
  seed: seedSchema,
  batchStart: z.number().int(),
  batchOf: z.number().int().nullable(),
  variationSeed: seedSchema.nullable(),
  unetWidening: z.array(z.number().int().min(0)).nullable(),
  guidanceTogether: z.boolean().nullable(),
  device: z.enum(devices).exclude(['auto']),
  dtype: z.enum(['float32', 'float16']),
  timings: timingsSchema,
})

/** What a worker hears on its report. */
export interface WorkerOrders {
  /** The queue that it takes images from. */
  queue: string
  isPaused: boolean
}

/** What a worker hears that asks for an image: the task, or that another is to have it, and why. */
export type TakeAnswer<Task> = { task: Task } | { later: string }
