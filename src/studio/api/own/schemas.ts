import { z } from 'zod'
import { errorCodes } from '../../../shared/errors.ts'
import type { ImageRecord } from '../../../shared/library/history.ts'
import { phases, type Job } from '../../../shared/queue/jobs.ts'
import { marksSchema } from '../../../shared/library/marks.ts'
import type { ModelRecord } from '../../../shared/models/models.ts'
import { devices, generationRequestSchema, openRequestSchema } from '../../../shared/request/request.ts'
import { scopes } from '../apiKeys.ts'

/** What the API says and hears. Times are ms since 1970. */

const time = z.number().int()

export const requestBody = openRequestSchema.meta({
  id: 'Request',
  description: 'Everything that decides the pixels; what is left out is as the model says, or its default.',
})

export const errorSchema = z
  .object({
    code: z.enum([...errorCodes, 'unauthorized', 'too-many-calls', 'too-large', 'invalid']),
    message: z.string(),
    /** What does not fit, each with its path in the body or the query. */
    problems: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Error' })
export type ErrorBody = z.output<typeof errorSchema>

const progressSchema = z.object({
  phase: z.enum(phases),
  image: z.number().int(),
  images: z.number().int(),
  step: z.number().int(),
  steps: z.number().int(),
  pass: z.union([z.literal(1), z.literal(2)]).nullable(),
  etaMs: z.number().nullable(),
  stopping: z.boolean(),
})

/** A request as it is kept, its transforms done. */
export const keptRequestSchema = z.record(z.string(), z.unknown()).meta({
  id: 'KeptRequest',
  description: `A Request with every default filled in: ${Object.keys(generationRequestSchema.shape).join(', ')}.`,
})

export const jobSchema = z
  .object({
    id: z.string(),
    state: z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']),
    request: keptRequestSchema,
    asker: z.string().nullable().describe('Who asked for it, by name; null: who sits at the machine.'),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    pictureIds: z.array(z.string()),
    progress: progressSchema.nullable(),
    error: z.object({ code: z.enum(errorCodes), message: z.string() }).nullable(),
  })
  .meta({ id: 'Job' })
type JobBody = z.output<typeof jobSchema>

const withoutPreview = ({ progress }: Job): JobBody['progress'] => {
  if (!progress) return null
  const { previewUrl: _, ...told } = progress
  return told
}

export const jobBody = (job: Job): JobBody => {
  const { id, state, request, createdAt, startedAt, finishedAt, imageIds, error } = job
  return {
    ...{ id, state, request, createdAt, startedAt, finishedAt, error },
    ...{ pictureIds: imageIds, progress: withoutPreview(job), asker: job.asker?.name ?? null },
  }
}

export const pictureSchema = z
  .object({
    id: z.string(),
    jobId: z.string(),
    createdAt: time,
    width: z.number().int(),
    height: z.number().int(),
    request: keptRequestSchema,
    model: z.object({ id: z.string(), name: z.string(), hash: z.string() }),
    device: z.enum(devices),
    trashedAt: time.nullable(),
    marks: marksSchema,
    isImported: z.boolean(),
    file: z.string(),
    thumbnail: z.string(),
  })
  .meta({ id: 'Picture' })

export const pictureBody = (record: ImageRecord) => {
  const { id, jobId, createdAt, width, height, request, model, device, trashedAt, marks, imported } = record
  const at = `/api/v1/pictures/${encodeURIComponent(id)}`
  return {
    ...{ id, jobId, createdAt, width, height, request, model, device, trashedAt, marks },
    ...{ isImported: imported !== null, file: `${at}/file`, thumbnail: `${at}/thumbnail` },
  }
}

export const modelSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    title: z.string().nullable(),
    family: z.string().nullable(),
    width: z.number().int().nullable().describe('Its own size in pixels.'),
    height: z.number().int().nullable(),
    minSize: z.number().int().nullable(),
    maxSize: z.number().int().nullable(),
    defaults: z.record(z.string(), z.unknown()),
    examplePrompts: z.array(z.string()),
    problem: z.object({ code: z.enum(errorCodes), message: z.string() }).nullable(),
  })
  .meta({ id: 'Model' })

export const modelBody = ({ id, name, info, problem }: ModelRecord): z.output<typeof modelSchema> => ({
  ...{ id, name, problem },
  title: info?.title ?? null,
  family: info?.family ?? null,
  width: info?.defaultWidth ?? null,
  height: info?.defaultHeight ?? null,
  minSize: info?.minSize ?? null,
  maxSize: info?.maxSize ?? null,
  defaults: info?.defaults ?? {},
  examplePrompts: info?.examplePrompts ?? [],
})

export const statusSchema = z
  .object({
    version: z.string(),
    onnxRuntimeVersion: z.string(),
    engine: z.enum(['idle', 'running', 'absent']),
    device: z.enum(devices).nullable(),
    key: z.object({ name: z.string(), scopes: z.array(z.enum(scopes)) }),
  })
  .meta({ id: 'Status' })
