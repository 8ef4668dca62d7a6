import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { EngineLatents } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { PackedLatents } from '../../shared/calls/labCalls.ts'
import type { ModelInfo } from '../../shared/models/models.ts'
import { generationRequestSchema } from '../../shared/request/request.ts'
import { openableModel } from '../models/openableModel.ts'
import { encodePng } from '../pictures/images.ts'
import type { Previews } from '../pictures/previews.ts'
import type { SettingsFile } from '../settings.ts'
import { float32s, unpacked } from './packNumbers.ts'
import { resolveRequest } from '../jobs/request/resolveRequest.ts'
import { traceCalls, type TraceParts } from './traceCalls.ts'

interface Parts extends TraceParts {
  previews: Previews
  settings: SettingsFile
}

/** The calls that look into a model: see `LabCalls`. */
export const labCalls = (parts: Parts) =>
  ({
    latents: (asked) => latents(parts, asked),
    decodeLatents: (asked) => decodeLatents(parts, asked),
    ...traceCalls(parts),
  }) satisfies Partial<StudioCalls>

const latents = (
  { drafts, engine, history, imageFiles, inputs, models, settings }: Parts,
  {
    model: name,
    imageId = null,
    inputId = null,
    seed = 0,
    size: asked = null,
  }: Parameters<StudioCalls['latents']>[0],
) =>
  drafts.look(async () => {
    if (imageId === null && inputId === null)
      throw new StudioError('bad-request', 'latents: needs the picture to look at (imageId or inputId).')
    const input =
      imageId === null
        ? await inputs.describe(inputId!)
        : await inputs.add(await imageFiles.read(history.pathOf(imageId)), imageId)
    const model = await openableModel(models, name)
    const size = asked ?? shownSize(input, model.info)
    const { device } = settings.current()
    const open = generationRequestSchema.parse({ model: model.id, seed, ...size })
    const request = resolveRequest(open, model, device)
    const picture = await inputs.pixels(input.id, size.width, size.height, 'crop')
    return {
      device,
      async ask(jobId, on) {
        const task = { jobId, modelPath: model.path, device: on, picture, request }
        const seen = await engine.calls.encodePicture(task)
        return {
          latents: packed(seen.latents),
          noise: float32s(seen.noise),
          alphasCumprod: [...seen.alphasCumprod],
          toRgb: seen.toRgb.map((row) => [...row]),
          ...size,
          originalWidth: input.width,
          originalHeight: input.height,
          inputId: input.id,
        }
      },
    }
  })

const decodeLatents = (
  { drafts, engine, models, previews, settings }: Parts,
  { model: name, latents: given }: Parameters<StudioCalls['decodeLatents']>[0],
) =>
  drafts.look(async () => {
    const { path: modelPath } = await openableModel(models, name)
    const opened = unpacked(given)
    return {
      device: settings.current().device,
      async ask(jobId, device) {
        const pixels = await engine.calls.decodeLatents({ jobId, modelPath, device, latents: opened })
        return previews.keepFile('latents', { bytes: await encodePng(pixels), type: 'image/png' })
      },
    }
  })

/** Sides up to which a picture is looked at as it is. */
const largestLook = 1024

/** The picture's own size where the model takes it; else the model's, to which the picture is cut. */
function shownSize(picture: { width: number; height: number }, info: ModelInfo) {
  const most = Math.min(info.maxSize, largestLook)
  const fits = [picture.width, picture.height].every(
    (side) => side >= info.minSize && side <= most && side % info.sizeMultiple === 0,
  )
  const { width, height } = fits ? picture : { width: info.defaultWidth, height: info.defaultHeight }
  return { width, height }
}

const packed = ({ data, ...shape }: EngineLatents): PackedLatents => ({ ...shape, data: float32s(data) })
