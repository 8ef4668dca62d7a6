import { z } from 'zod'
import { StudioError } from '../../../shared/errors.ts'
import type { Job } from '../../../shared/queue/jobs.ts'
import { keyAsks } from '../../jobs/queue/asking.ts'
import type { Studio } from '../../studio.ts'
import { requireScope } from '../apiGate.ts'
import { json } from './answers.ts'
import { operation, type Call, type Operation, type Parts } from './operation.ts'
import { jobBody, jobSchema, requestBody } from './schemas.ts'

const ofJob = { status: 200, schema: jobSchema, description: 'The job as it is now.' }

/** Who asked for a job may do with it what others need the scope "manage" for. */
const changes = ['cancel', 'pause', 'resume', 'retry'] as const
const summaries: Readonly<Record<(typeof changes)[number], string>> = {
  cancel: 'Stops a job before its next evaluation; finished pictures stay.',
  pause: 'Holds a job until it is resumed, also over restarts.',
  resume: 'Lets a paused job go on inside its picture.',
  retry: 'Queues a failed or cancelled job again.',
}

export const jobOperations: readonly Operation[] = [
  operation({
    method: 'POST',
    path: '/jobs',
    name: 'enqueue',
    summary: 'Puts a job into the queue, behind all others of this key, and answers at once.',
    scopes: ['generate'],
    body: requestBody,
    answered: { status: 201, schema: jobSchema, description: 'The job, which waits.' },
    async run({ studio }, { body }) {
      const job = await studio.calls.enqueue(body)
      return json(jobBody(job), { status: 201, headers: { Location: `/api/v1/jobs/${job.id}` } })
    },
  }),
  operation({
    method: 'GET',
    path: '/jobs',
    name: 'listJobs',
    summary: 'The queue, then what ended recently, a page of it.',
    scopes: ['read'],
    query: z.strictObject({
      after: z.string().max(200).optional().describe('The last job of the page before.'),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    answered: { status: 200, schema: z.object({ items: z.array(jobSchema) }), description: 'A page.' },
    async run({ studio }, { query: { after = null, limit } }) {
      return json({ items: (await studio.calls.jobs({ after, limit })).map(jobBody) })
    },
  }),
  operation({
    method: 'GET',
    path: '/jobs/{id}',
    name: 'getJob',
    summary: 'A job, its progress and its pictures.',
    scopes: ['read', 'generate'],
    answered: ofJob,
    run: async ({ studio }, { id }) => json(jobBody(await findJob(studio, id))),
  }),
  ...changes.map((change) =>
    operation({
      method: 'POST',
      path: `/jobs/{id}/${change}`,
      name: `${change}Job`,
      summary: `${summaries[change]} Jobs of others need the scope "manage".`,
      scopes: ['generate', 'manage'],
      answered: ofJob,
      async run(parts, call) {
        await checkMayChange(parts, call)
        await parts.studio.calls[change](call.id)
        return json(jobBody(await findJob(parts.studio, call.id)))
      },
    }),
  ),
]

/** Whether a job is there is told to nobody who may not change it. */
async function checkMayChange({ studio }: Parts, { caller, id }: Call): Promise<void> {
  const asker = await findJob(studio, id).then(
    (job) => job.asker,
    () => null,
  )
  const isOwn = asker?.id === keyAsks(caller).id && caller.scopes.includes('generate')
  if (!isOwn) requireScope(caller, ['manage'])
}

/** Throws `not-found`. */
async function findJob(studio: Studio, id: string): Promise<Job> {
  let after: string | null = null
  for (;;) {
    const page: Job[] = await studio.calls.jobs({ after, limit: 500 })
    const found = page.find((job) => job.id === id)
    if (found) return found
    if (page.length === 0) throw new StudioError('not-found', `There is no job "${id}".`)
    after = page.at(-1)!.id
  }
}
