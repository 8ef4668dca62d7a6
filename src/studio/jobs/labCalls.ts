import type { StudioCalls } from '../../shared/contract.ts'
import type { EngineLatents, EngineTrace, Pixels } from '../../shared/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { PackedLatents, PackedNumbers, Trace } from '../../shared/labCalls.ts'
import type { ModelInfo } from '../../shared/models.ts'
import { generationRequestSchema } from '../../shared/request.ts'
import type { RequestFiles } from '../adapters/requestFiles.ts'
import { stretchesFrom } from '../adapters/stretches.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import type { History } from '../history/history.ts'
import type { ModelLibrary } from '../models/modelLibrary.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import type { Inputs } from '../pictures/inputs.ts'
import type { SettingsFile } from '../settings.ts'
import type { Drafts } from './drafts.ts'
import { resolveRequest } from './resolveRequest.ts'
import { openableModel, readStart } from './runJob.ts'

interface Parts {
  drafts: Drafts
  engine: EngineProcess
  history: History
  imageFiles: ImageFiles
  inputs: Inputs
  keepPreview(id: string, pixels: Pixels): Promise<string>
  models: ModelLibrary
  requestFiles: RequestFiles
  findModel(id: string): Promise<{ id: string }>
  settings: SettingsFile
}

/** The calls that look into a model: see `LabCalls`. */
export const labCalls = (parts: Parts) =>
  ({
    latents: (asked) => latents(parts, asked),
    decodeLatents: (asked) => decodeLatents(parts, asked),
    trace: (asked) => trace(parts, asked),
  }) satisfies Partial<StudioCalls>

const latents = (
  { drafts, engine, history, imageFiles, inputs, models, settings }: Parts,
  { model: name, imageId = null, inputId = null, seed = 0 }: Parameters<StudioCalls['latents']>[0],
) =>
  drafts.look(async () => {
    if (imageId === null && inputId === null)
      throw new StudioError('bad-request', 'latents: needs the picture to look at (imageId or inputId).')
    const input =
      imageId === null
        ? await inputs.describe(inputId!)
        : await inputs.add(await imageFiles.read(history.image(imageId).path), imageId)
    const model = await openableModel(models, name)
    const size = shownSize(input, model.info)
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
  { drafts, engine, keepPreview, models, settings }: Parts,
  { model: name, latents: given }: Parameters<StudioCalls['decodeLatents']>[0],
) =>
  drafts.look(async () => {
    const { path: modelPath } = await openableModel(models, name)
    const opened = unpacked(given)
    return {
      device: settings.current().device,
      async ask(jobId, device) {
        return keepPreview(
          jobId,
          await engine.calls.decodeLatents({ jobId, modelPath, device, latents: opened }),
        )
      },
    }
  })

const trace = (
  { drafts, engine, findModel, history, inputs, models, requestFiles }: Parts,
  { imageId, change = {} }: Parameters<StudioCalls['trace']>[0],
) =>
  drafts.look(async () => {
    const given = Object.entries(change).filter(([, value]) => value !== undefined)
    const request = { ...history.image(imageId).request, ...Object.fromEntries(given) }
    if (request.upscaleOf)
      throw new StudioError(
        'bad-request',
        'This picture was enlarged, not drawn: it has no steps to look at.',
      )
    const { path: modelPath } = await openableModel(models, (await findModel(request.model)).id)
    const [{ adapters }] = stretchesFrom(0, request)
    const worn = await requestFiles.forTask(request, adapters)
    const start = await readStart(request, inputs)
    const task = { modelPath, request, ...worn, ...start, hiresUpscaler: null, upscaler: null }
    return {
      device: request.device,
      ask: async (jobId, device): Promise<Trace> =>
        packedTrace(await engine.calls.trace({ ...task, jobId, device, firstImage: 0, isDraft: false })),
    }
  })

/** Sides up to which a picture is looked at as it is. */
const largestLook = 1024

/** The picture's own size where the model takes it; else the model's, to which the picture is cut. */
function shownSize(picture: { width: number; height: number }, info: ModelInfo) {
  const most = Math.min(info.maxSize, largestLook)
  const fits = [picture.width, picture.height].every(
    (side) => side >= 64 && side <= most && side % info.sizeMultiple === 0,
  )
  const { width, height } = fits ? picture : { width: info.defaultWidth, height: info.defaultHeight }
  return { width, height }
}

function packedTrace({ predictions, toRgb, ...shape }: EngineTrace): Trace {
  const orNull = (values: Float32Array | undefined): PackedNumbers | null =>
    values ? float16s(values) : null
  return {
    ...shape,
    toRgb: toRgb.map((row) => [...row]),
    steps: predictions.map(({ sigma, timestep, x, denoised, conditional, unconditional }) => ({
      sigma,
      timestep,
      x: float16s(x),
      denoised: float16s(denoised),
      conditional: orNull(conditional),
      unconditional: orNull(unconditional),
    })),
  }
}

const packed = ({ data, ...shape }: EngineLatents): PackedLatents => ({ ...shape, data: float32s(data) })

const float32s = (values: Float32Array): PackedNumbers =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

const float16s = (values: Float32Array): PackedNumbers =>
  Buffer.from(new Float16Array(values).buffer).toString('base64')

/** Throws `bad-request` for numbers that do not fill the shape. */
function unpacked({ data, ...shape }: PackedLatents): EngineLatents {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'))
  const count = shape.channels * shape.height * shape.width
  if (bytes.length === 4 * count) return { ...shape, data: new Float32Array(bytes.buffer) }
  const message = `latents: must be ${4 * count} bytes of float32 for their shape, found ${bytes.length}.`
  throw new StudioError('bad-request', message)
}
