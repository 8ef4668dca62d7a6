import { randomInt } from 'node:crypto'
import { withPromptsOf } from '../../shared/batch.ts'
import type { ModelInfo, ModelRecord } from '../../shared/contract.ts'
import type { EngineImage } from '../../shared/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Device, GenerationRequest, ResolvedRequest } from '../../shared/request.ts'
import { withOwnFiles } from '../adapters/namedFiles.ts'

/**
 * Decides what a request leaves open: a random seed from 0 to 2^32-1, the model's own size, the device of the
 * settings; and holds it against what the model can do. Throws `bad-request`, `unsupported-model`.
 */
export function resolveRequest(
  request: GenerationRequest,
  model: ModelRecord & { info: ModelInfo },
  preferredDevice: Device,
): ResolvedRequest {
  const { info } = model
  const width = request.width ?? info.defaultWidth
  const height = request.height ?? info.defaultHeight
  for (const [name, size] of Object.entries({ width, height })) checkSize(name, size, model)
  if (request.initImage && !info.canEncodeImages) {
    const message = `${model.name} cannot start from a picture: its autoencoder has no encoder. Choose another model, or leave the picture out.`
    throw new StudioError('unsupported-model', message)
  }
  const hasVariation = request.variationStrength > 0
  return {
    ...request,
    model: model.id,
    device: request.device === 'auto' ? preferredDevice : request.device,
    width,
    height,
    seed: request.seed ?? randomSeed(),
    variationSeed: request.variationSeed ?? (hasVariation ? randomSeed() : null),
  }
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
  if (size > info.maxSize) {
    throw new StudioError(
      'bad-request',
      `${name}: must be at most ${info.maxSize} for ${model}, found ${size}.`,
    )
  }
}

/** The request that makes one image of a job again, alone. */
export const requestOfImage = (request: ResolvedRequest, image: EngineImage): ResolvedRequest => ({
  ...withOwnFiles(withPromptsOf(request, image.index)),
  batchSize: 1,
  seed: image.seed,
  batchStart: image.batchStart,
  batchOf: image.batchOf,
  variationSeed: image.variationSeed,
  device: image.device,
})
