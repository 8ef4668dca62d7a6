import { randomInt } from 'node:crypto'
import { withPromptsOf } from '../../../shared/request/batch.ts'
import type { ModelInfo, ModelRecord } from '../../../shared/models/models.ts'
import type { EngineImage } from '../../../shared/engine/engineContract.ts'
import { StudioError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/request/limits.ts'
import type { TurboFinding } from '../../../shared/request/automaticTurbo.ts'
import type { Device, GenerationRequest, ResolvedRequest } from '../../../shared/request/request.ts'
import { hiresSize, mostUpscaledPixels, upscaledSize } from '../../../shared/models/upscalers.ts'
import { withoutText } from '../../../shared/request/withoutText.ts'
import { withOwnFiles } from '../../adapters/namedFiles.ts'

/**
 * Decides what a request leaves open: a random seed from 0 to 2^32-1, the model's own size, the device of the
 * settings, Turbo by what `automatic` found; and holds it against what the model can do. Words are left out for a model that knows no text. Throws `bad-request`, `unsupported-model`.
 */
export function resolveRequest(
  request: GenerationRequest,
  model: ModelRecord & { info: ModelInfo },
  preferredDevice: Device,
  automatic: TurboFinding = 'untested',
): ResolvedRequest {
  const { info } = model
  const width = request.width ?? info.defaultWidth
  const height = request.height ?? info.defaultHeight
  for (const [name, size] of Object.entries({ width, height })) checkSize(name, size, model)
  if (request.initImage && !info.canEncodeImages) {
    const message = `${model.name} cannot start from a picture: its autoencoder has no encoder. Choose another model, or leave the picture out.`
    throw new StudioError('unsupported-model', message)
  }
  if (request.references.length > 0 && !info.readsReferences) {
    const message = `references: ${model.name} looks at no pictures. Choose a model that changes pictures by words (FLUX.2 klein), or leave them out.`
    throw new StudioError('unsupported-model', message)
  }
  if (request.sigmas) checkSigmas(request.sigmas, model)
  checkLarger(request, { width, height }, info)
  const hasVariation = request.variationStrength > 0
  return {
    ...(info.hasTextEncoder ? request : withoutText(request)),
    model: model.id,
    device: request.device === 'auto' ? preferredDevice : request.device,
    width,
    height,
    steps: request.sigmas?.length ?? request.steps,
    seed: request.seed ?? randomSeed(),
    variationSeed: request.variationSeed ?? (hasVariation ? randomSeed() : null),
    ...(request.turbo === 'auto'
      ? { turbo: automatic === 'faster', turboBecause: automatic }
      : { turbo: request.turbo, turboBecause: null }),
  }
}

/** A second pass and an enlargement must stay within what can be drawn and held. */
function checkLarger(
  { hires, upscale, initImage }: GenerationRequest,
  drawn: { width: number; height: number },
  { sizeMultiple }: ModelInfo,
): void {
  if (hires && initImage)
    throw new StudioError(
      'bad-request',
      'hires: a second pass belongs to pictures drawn from noise, and there is a picture to start from. Leave one of them out; a finished picture can be enlarged (upscale).',
    )
  const result = hires ? hiresSize(drawn, hires, sizeMultiple).result : drawn
  const { min, max } = limits.hiresSize
  for (const [name, side] of Object.entries(result))
    if (hires && (side < min || side > max))
      throw new StudioError(
        'bad-request',
        `hires: the ${name} would be ${side}; it must be from ${min} to ${max}.`,
      )
  if (upscale) checkUpscaledSize(result, upscale.scale)
}

/** Throws `bad-request` for more pixels than an enlarged picture may have. */
export function checkUpscaledSize(picture: { width: number; height: number }, scale: number): void {
  const { width, height } = upscaledSize(picture, scale)
  if (width * height <= mostUpscaledPixels) return
  throw new StudioError(
    'bad-request',
    `scale: ${picture.width}×${picture.height} become ${width}×${height} pixels; at most ${mostUpscaledPixels / 2 ** 20} million can be made. Take a smaller factor than ${scale}.`,
  )
}

/** Throws `bad-request` for levels that do not fall, or on a model that has others. */
function checkSigmas(sigmas: readonly number[], { name, info }: { name: string; info: ModelInfo }): void {
  if (info.predictionType !== 'flow')
    throw new StudioError(
      'bad-request',
      `sigmas: are the noise levels of flow matching models, and ${name} is none. Choose a schedule instead.`,
    )
  const rising = sigmas.findIndex((sigma, i) => i > 0 && sigma >= sigmas[i - 1])
  if (rising !== -1)
    throw new StudioError(
      'bad-request',
      `sigmas: must fall from one to the next, and number ${rising + 1} is ${sigmas[rising]} after ${sigmas[rising - 1]}.`,
    )
}

const randomSeed = (): number => randomInt(2 ** 32)

function checkSize(
  name: string,
  size: number,
  { name: model, info }: { name: string; info: ModelInfo },
): void {
  if (size % info.sizeMultiple !== 0) {
    const nearest = Math.max(info.sizeMultiple, Math.round(size / info.sizeMultiple) * info.sizeMultiple)
    const message = `${name}: must be a multiple of ${info.sizeMultiple} for ${model}, found ${size}; the nearest is ${nearest}.`
    throw new StudioError('bad-request', message)
  }
  if (size < info.minSize || size > info.maxSize) {
    const message = `${name}: must be from ${info.minSize} to ${info.maxSize} for ${model}, found ${size}.`
    throw new StudioError('bad-request', message)
  }
}

/** The request that makes one image of a job again, alone. */
export const requestOfImage = (
  request: ResolvedRequest,
  image: Omit<EngineImage, 'pixels'>,
): ResolvedRequest => ({
  ...withOwnFiles(withPromptsOf(request, image.index)),
  batchSize: 1,
  seed: image.seed,
  batchStart: image.batchStart,
  batchOf: image.batchOf,
  variationSeed: image.variationSeed,
  unetWidening: image.unetWidening,
  guidanceTogether: image.guidanceTogether,
  device: image.device,
})

/** The request of a picture as it was drawn. One that does not tell is of a version that made one evaluation after the other. */
export const asDrawn = (request: ResolvedRequest): ResolvedRequest => ({
  ...request,
  guidanceTogether: request.guidanceTogether ?? false,
})
