import { z } from 'zod'
import { json } from './answers.ts'
import { eventOperations } from './events.ts'
import { jobOperations } from './jobs.ts'
import { operation, type Operation } from './operation.ts'
import { pictureOperations } from './pictures.ts'
import { modelBody, modelSchema, statusSchema } from './schemas.ts'

const models = { status: 200, schema: z.object({ items: z.array(modelSchema) }), description: 'All of them.' }

/** Everything that the API does. */
export const operations: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/status',
    name: 'getStatus',
    summary: 'What runs here, and what the key may do.',
    scopes: ['generate', 'read', 'manage'],
    answered: { status: 200, schema: statusSchema, description: 'The status.' },
    async run({ studio }, { caller }) {
      const { version, onnxRuntimeVersion, engine, device } = await studio.calls.status()
      const { name, scopes } = caller
      return json({ version, onnxRuntimeVersion, engine, device, key: { name, scopes } })
    },
  }),
  ...jobOperations,
  ...pictureOperations,
  operation({
    method: 'GET',
    path: '/models',
    name: 'listModels',
    summary: 'The models there are to draw with, and what is wrong with those that cannot.',
    scopes: ['read', 'generate'],
    answered: models,
    run: async ({ studio }) => json({ items: (await studio.calls.models()).map(modelBody) }),
  }),
  operation({
    method: 'POST',
    path: '/models/rescan',
    name: 'rescanModels',
    summary: 'Looks through the model folders again.',
    scopes: ['manage'],
    answered: models,
    run: async ({ studio }) => json({ items: (await studio.calls.rescanModels()).map(modelBody) }),
  }),
  ...eventOperations,
]
