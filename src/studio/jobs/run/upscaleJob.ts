import { generationRequestSchema, type ResolvedRequest } from '../../../shared/request/request.ts'
import type { Upscale } from '../../../shared/request/passes.ts'
import { findUpscalers } from '../../models/upscalerFiles.ts'
import type { StoredJob } from '../queue/jobStore.ts'
import { checkUpscaledSize } from '../request/resolveRequest.ts'
import type { Prepared, RunParts } from './runJob.ts'
import type { SourcePicture } from './sourcePicture.ts'

/** Jobs that enlarge a picture which is there already. */

/**
 * The request of such a job: all that is known of how the picture was made, whose copy `input` is, and what enlarges it.
 * Throws `bad-request` for a result of more pixels than can be made.
 */
export function upscaleRequest(
  input: { id: string; width: number; height: number },
  source: SourcePicture | null,
  { upscaler, scale }: Upscale,
): ResolvedRequest {
  checkUpscaledSize(input, scale)
  const unknown = { ...generationRequestSchema.parse({ model: upscaler }), seed: 0 }
  const known = source?.request ?? { ...unknown, width: input.width, height: input.height }
  return {
    ...known,
    batchSize: 1,
    grid: null,
    editOf: null,
    upscale: { upscaler, scale },
    upscaleOf: { id: input.id, imageId: source?.id ?? null },
  }
}

/** The model that the file names; null: it names none, and what enlarges it stands in its place. */
const modelOfFile = ({ model, upscale }: ResolvedRequest) =>
  model === upscale!.upscaler ? null : { id: model, name: model, hash: '' }

export async function prepareUpscaling(
  { id: jobId, request }: StoredJob,
  parts: RunParts,
): Promise<Prepared> {
  const { id, imageId } = request.upscaleOf!
  const { width, height } = await parts.inputs.describe(id)
  const [picture, { paths, request: resolved }] = await Promise.all([
    parts.inputs.pixels(id, width, height, 'stretch'),
    findUpscalers(request, parts.upscalers),
  ])
  const { upscaler: name } = request.upscale!
  const hash = resolved.files.find((file) => file.kind === 'upscaler' && file.name === name)?.hash ?? ''
  const made = imageId === null ? modelOfFile(request) : parts.modelOfImage(imageId)
  const task = { jobId, request, upscaler: paths.upscaler, picture }
  return {
    model: made ?? { id: name, name, hash },
    work: (device) => parts.engine.calls.upscale({ ...task, device }),
  }
}
