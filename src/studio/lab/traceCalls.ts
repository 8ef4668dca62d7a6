import { relative, sep } from 'node:path'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { Trace } from '../../shared/calls/labCalls.ts'
import { StudioError } from '../../shared/errors.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import { readSteps, stepsFileOf, writeSteps } from '../pictures/keptSteps.ts'
import type { Drafts } from '../jobs/drafts.ts'
import type { LiveTracing } from './liveTrace.ts'
import { packedTrace } from './packNumbers.ts'
import { taskOfPicture, type PictureParts } from './taskOfPicture.ts'

export interface TraceParts extends PictureParts {
  drafts: Drafts
  engine: EngineProcess
  imageFiles: ImageFiles
  liveTrace: LiveTracing
}

/** The calls about the steps of a picture's run: see `LabCalls`. */
export const traceCalls = (parts: TraceParts) =>
  ({
    trace: async ({ imageId }) => (await keptSteps(parts, imageId)) ?? trace(parts, imageId),
    liveTrace: async ({ jobId, from }) => parts.liveTrace.ask(jobId, from),
    async keepTrace(imageId) {
      const kept = await keptSteps(parts, imageId)
      if (kept) return kept
      const run = await traceToKeep(parts, imageId)
      const bytes = writeSteps(run)
      await parts.imageFiles.write(stepsFile(parts, imageId), bytes)
      return { ...run, keptBytes: bytes.length }
    },
    forgetTrace: (imageId) => parts.imageFiles.removeFile(stepsFile(parts, imageId)),
  }) satisfies Partial<StudioCalls>

const stepsFile = ({ history, imageFiles }: TraceParts, imageId: string): string =>
  stepsFileOf(relative(imageFiles.folder, history.pathOf(imageId)).replaceAll(sep, '/'))

/** What the file beside a picture tells; null where there is none, or none that can be read: then it is run again. */
async function keptSteps(parts: TraceParts, imageId: string): Promise<Trace | null> {
  const path = parts.imageFiles.pathOf(stepsFile(parts, imageId))
  const bytes = await parts.imageFiles.read(path).catch(() => null)
  if (!bytes) return null
  try {
    return { ...readSteps(bytes), keptBytes: bytes.length }
  } catch {
    return null
  }
}

/** How often a run is begun that is to be kept. */
const mostTries = 3

/** A run that is to be kept: where another look takes its place, it is begun again. */
async function traceToKeep(parts: TraceParts, imageId: string): Promise<Trace> {
  for (let tries = 0; tries < mostTries; tries++) {
    const run = await trace(parts, imageId)
    if (run) return run
  }
  throw new StudioError(
    'cancelled',
    'The steps were not kept, as something else is being drawn. Keep them once it is done.',
  )
}

const trace = (parts: TraceParts, imageId: string): Promise<Trace | null> =>
  parts.drafts.look(async () => {
    const task = await taskOfPicture(parts, imageId)
    return {
      device: task.request.device,
      ask: async (jobId, device): Promise<Trace> => {
        const run = await parts.engine.calls.trace({ ...task, jobId, device, firstImage: 0, isDraft: false })
        return { ...packedTrace(run), keptBytes: null }
      },
    }
  })
