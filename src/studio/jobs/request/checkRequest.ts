import { missingPicture } from '../../../shared/request/controls.ts'
import type { EngineCalls } from '../../../shared/engine/engineContract.ts'
import { StudioError } from '../../../shared/errors.ts'
import type { InputImage } from '../../../shared/library/history.ts'
import { outpaintedSize } from '../../../shared/request/inpaint.ts'
import { limits } from '../../../shared/request/limits.ts'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import { namedBy, type Inputs } from '../../pictures/inputs.ts'
import { checkUpscaledSize } from './resolveRequest.ts'

/** What is found out about a request before it stands in the queue. */

/**
 * Throws `not-found` when the picture to start from, its mask, a reference or a control picture is gone, `bad-init-image` when one
 * cannot be read, `bad-request` when they do not match, one was not chosen, or the result would be too large.
 */
export async function checkStart(request: ResolvedRequest, inputs: Inputs): Promise<void> {
  const { initImage, mask, references, controls, width, height } = request
  for (const [index, { image }] of controls.entries()) {
    if (!image) throw new StudioError('bad-request', missingPicture(index))
    await namedBy(`controls.${index}.image`, inputs.describe(image.id))
  }
  for (const [index, { id }] of references.entries())
    await namedBy(`references.${index}`, inputs.describe(id))
  const picture = initImage && (await namedBy('initImage', inputs.describe(initImage.id)))
  const painted = mask && (await namedBy('mask', inputs.describe(mask.id)))
  if (picture) checkInpainted(request, picture)
  if (!painted) return
  if (!picture) throw new StudioError('bad-request', 'mask: needs a picture to start from (initImage).')
  const fits = [picture, { width, height }].some(
    (size) => size.width === painted.width && size.height === painted.height,
  )
  if (fits) return
  const message = `mask: must be ${picture.width}×${picture.height} as the picture to start from, or ${width}×${height} as the result, found ${painted.width}×${painted.height}.`
  throw new StudioError('bad-request', message)
}

/** Where the masked area alone is painted, the result is as large as the picture with what is added to its sides. */
function checkInpainted({ mask, inpaint, upscale }: ResolvedRequest, picture: InputImage): void {
  if (inpaint?.area !== 'masked' || (!mask && !inpaint.outpaint)) return
  const { width, height } = outpaintedSize(picture, inpaint.outpaint)
  const { max } = limits.inpaintedPixels
  if (width * height > max)
    throw new StudioError(
      'bad-request',
      `initImage: of a picture of ${width}×${height} pixels the masked area cannot be painted alone; at most ${Math.floor(max / 1e6)} million can be. Paint the whole picture (inpaint.area), or take a smaller one.`,
    )
  if (upscale) checkUpscaledSize({ width, height }, upscale.scale)
}

/**
 * Throws what the model's own scheduler cannot do before the job is queued; samplers that are chosen by name do not
 * ask it. An engine that gives no answer stops nobody: the run will tell.
 */
export async function checkScheduler(
  request: ResolvedRequest,
  modelPath: string,
  engine: EngineCalls,
): Promise<void> {
  if (request.sampler !== 'Model default' && request.schedule !== 'Model default') return
  const problem = await engine.checkRequest(modelPath, request).catch((error: unknown) => error)
  if (problem instanceof StudioError && ['bad-request', 'unsupported-model'].includes(problem.code))
    throw problem
}
