import type { StudioCalls } from '../../shared/calls/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { Events } from '../events.ts'
import type { History } from '../history/history.ts'
import { findUpscalers, type UpscalerFiles } from '../models/upscalerFiles.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import type { Inputs } from '../pictures/inputs.ts'
import type { SettingsFile } from '../settings.ts'
import type { Queue } from './queue/queue.ts'
import { sourceOf } from './run/sourcePicture.ts'
import { upscaleRequest } from './run/upscaleJob.ts'

interface Parts {
  events: Events
  history: History
  imageFiles: ImageFiles
  inputs: Inputs
  queue: Queue
  settings: SettingsFile
  upscalers: UpscalerFiles
}

/** The calls that enlarge pictures which are there already. */
export const upscaleCalls = (parts: Parts) =>
  ({
    upscalers: () => parts.upscalers.list(),
    upscale: (asked) => parts.queue.enqueue(requestOf(asked, parts)),
  }) satisfies Partial<StudioCalls>

async function requestOf(
  { imageId = null, inputId = null, upscaler, scale = 2 }: Parameters<StudioCalls['upscale']>[0],
  { events, history, imageFiles, inputs, settings, upscalers }: Parts,
): Promise<ResolvedRequest> {
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
  return request
}
