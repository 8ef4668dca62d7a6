import { imageOrigin, isOneDraw, type ImageOrigin } from '../../shared/request/batch.ts'
import type { ResolvedRequest, SeedConvention } from '../../shared/request/request.ts'
import type { Noise } from '../samplers/step.ts'
import { brownianTree } from './brownianTree.ts'
import { mersenneTwister } from './mersenneTwister.ts'
import { philox } from './philox.ts'
import { pasteCentred, slerp, type LatentShape } from './variation.ts'

/** The noise of one image, drawn in the order in which the tool of its seed convention draws it. */
export interface ImageNoise {
  /** For sampling the VAE's posterior of a picture: drawn before everything else (diffusers), else apart from it. */
  posterior(): Float32Array
  /** The noise that the first latents are made of. */
  initial(): Float32Array
  /** The noise of a step; asked for in the order of the steps. */
  step: Noise
  /** What makes this image again alone. */
  origin: ImageOrigin
}

/** The path of noise levels over which a sampler wants Brownian noise; null: independent noise at every step. */
export type BrownianRange = { min: number; max: number } | null

interface Convention {
  generator: 'mersenneTwister' | 'philox'
  /** Which generator a step's noise comes from: the image's own going on, or one seeded anew. */
  steps: (seed: bigint) => bigint | 'goes on'
}

const conventions: Record<SeedConvention, Convention> = {
  'AUTOMATIC1111 GPU': { generator: 'philox', steps: () => 'goes on' },
  'AUTOMATIC1111 CPU': { generator: 'mersenneTwister', steps: () => 'goes on' },
  ComfyUI: { generator: 'mersenneTwister', steps: (seed) => seed },
  diffusers: { generator: 'mersenneTwister', steps: () => 'goes on' },
  InvokeAI: { generator: 'mersenneTwister', steps: (seed) => seed ^ 0xffffffffn },
  'stable-diffusion.cpp': { generator: 'philox', steps: (seed) => seed },
}

/** The latents of one image, and how many pixels one stands for along a side. */
export type DrawnShape = LatentShape & { latentScale: number }

/**
 * The noise of image `index` of a request, counted from the request's own first image. `shape` is that of one
 * image's latents.
 */
export function imageNoise(
  request: ResolvedRequest,
  index: number,
  shape: DrawnShape,
  brownian: BrownianRange = null,
): ImageNoise {
  const convention = conventions[request.seedConvention]
  const origin = imageOrigin(request, index)
  const seed = BigInt(origin.seed)
  const variationSeed = request.variationStrength > 0 ? BigInt(origin.variationSeed ?? 0) : null
  const [batchOf, slice] = isOneDraw(request.seedConvention) ? [origin.batchOf!, origin.batchStart] : [1, 0]

  const generator = makeGenerator(convention, seed)
  const draw = (from: Draw, of: LatentShape): Float32Array => {
    const count = sizeOf(of)
    return from(count * batchOf).subarray(slice * count, (slice + 1) * count)
  }
  let stepGenerator: Draw | null = null
  const nextStepGenerator = (): Draw => {
    if (request.etaNoiseSeedDelta > 0 && convention.steps(seed) === 'goes on') {
      return makeGenerator(convention, seed + BigInt(request.etaNoiseSeedDelta))
    }
    const stepSeed = convention.steps(seed)
    return stepSeed === 'goes on' ? generator : makeGenerator(convention, stepSeed)
  }
  const independent: Noise = () => draw((stepGenerator ??= nextStepGenerator()), shape)

  return {
    posterior: () =>
      request.seedConvention === 'diffusers'
        ? generator(sizeOf(shape))
        : makeGenerator(convention, seed)(sizeOf(shape)),
    initial: () =>
      firstNoise(request, shape, generator, draw, (of) => makeGenerator(convention, of), seed, variationSeed),
    step: brownian
      ? brownianNoise(convention, pathSeed(request, seed), brownian, shape, batchOf, slice)
      : independent,
    origin,
  }
}

/** The next `count` normals of a generator. */
type Draw = (count: number) => Float32Array

const makeGenerator = (convention: Convention, seed: bigint): Draw =>
  convention.generator === 'philox' ? philox(seed).normals : mersenneTwister(seed).normals

const sizeOf = ({ channels, height, width }: LatentShape): number => channels * height * width

/** Noise of the seed, turned towards the variation seed's, at the size it is resized from: A1111's ImageRNG. */
function firstNoise(
  request: ResolvedRequest,
  shape: DrawnShape,
  generator: Draw,
  draw: (from: Draw, of: LatentShape) => Float32Array,
  seeded: (seed: bigint) => Draw,
  seed: bigint,
  variationSeed: bigint | null,
): Float32Array {
  const { seedResizeWidth, seedResizeHeight, variationStrength } = request
  const resized = seedResizeWidth !== null && seedResizeHeight !== null
  const drawn: LatentShape = resized
    ? {
        channels: shape.channels,
        height: Math.floor(seedResizeHeight / shape.latentScale),
        width: Math.floor(seedResizeWidth / shape.latentScale),
      }
    : shape
  let noise = draw(resized ? seeded(seed) : generator, drawn)
  if (variationSeed !== null)
    noise = slerp(variationStrength, noise, draw(seeded(variationSeed), drawn), drawn)
  return resized ? pasteCentred(noise, drawn, draw(generator, shape), shape) : noise
}

/** InvokeAI draws the path of DPM++ SDE from seed 0, whatever the seed of the image. */
const pathSeed = ({ seedConvention, sampler }: ResolvedRequest, seed: bigint): bigint =>
  seedConvention === 'InvokeAI' && sampler === 'DPM++ SDE' ? 0n : seed

function brownianNoise(
  convention: Convention,
  seed: bigint,
  { min, max }: { min: number; max: number },
  shape: LatentShape,
  batchOf: number,
  slice: number,
): Noise {
  const count = sizeOf(shape)
  return brownianTree(seed, min, max, count, (nodeSeed) =>
    makeGenerator(convention, BigInt(nodeSeed))(count * batchOf).subarray(slice * count, (slice + 1) * count),
  )
}
