import type { StudioCalls } from '../../shared/calls/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { isNetworkUpscaler, upscaledSize } from '../../shared/models/upscalers.ts'
import { findUpscalers } from '../models/upscalerFiles.ts'
import { lookIntoUpscalers } from '../models/upscalerWorks.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import type { JobParts } from './jobCalls.ts'
import { sourceOf } from './run/sourcePicture.ts'
import { upscaleRequest } from './run/upscaleJob.ts'

type Parts = Pick<
  JobParts,
  'events' | 'history' | 'idleEngine' | 'inputs' | 'pastTimes' | 'queue' | 'settings' | 'upscalers'
> & { imageFiles: ImageFiles }

/** The calls that enlarge pictures which are there already. */
export const upscaleCalls = (parts: Parts) =>
  ({
    upscalers: () => parts.upscalers.list(),
    upscale: (asked) => parts.queue.enqueue(requestOf(asked, parts)),
    async upscaleTime({ width, height, ...upscale }) {
      await lookIntoUpscalers([{ hires: null, upscale }], parts)
      const from = { width, height }
      const to = upscaledSize(from, upscale.scale)
      const { device } = parts.settings.current()
      return isNetworkUpscaler(upscale.upscaler)
        ? parts.pastTimes.enlarging([{ upscaler: upscale.upscaler, from, to }], device)
        : 0
    },
  }) satisfies Partial<StudioCalls>

async function requestOf(
  { imageId = null, inputId = null, upscaler, scale = 2 }: Parameters<StudioCalls['upscale']>[0],
  parts: Parts,
): Promise<ResolvedRequest> {
  const { events, history, imageFiles, inputs, settings, upscalers } = parts
  const image = imageId === null ? null : history.image(imageId)
  if (!image && inputId === null)
    throw new StudioError('bad-request', 'upscale: needs the picture to enlarge (imageId or inputId).')
  const input = image
    ? await inputs.add(await imageFiles.read(image.path), image.id)
    : await inputs.describe(inputId!)
  // Of how an imported picture was made it is only known what its file tells.
  const source = image && !image.imported ? image : await sourceOf(input.id, { history, inputs })
  const asked = upscaleRequest(input, source, { upscaler, scale })
  const device = asked.device === 'auto' ? settings.current().device : asked.device
  const { request, said } = await findUpscalers({ ...asked, device }, upscalers)
  for (const one of said) events.notify('warning', one)
  await lookIntoUpscalers([request], parts)
  return request
}
