import { brownianTree } from '../../src/engine/random/brownianTree.ts'
import { imageNoise } from '../../src/engine/random/imageNoise.ts'
import { mersenneTwister } from '../../src/engine/random/mersenneTwister.ts'
import { philox } from '../../src/engine/random/philox.ts'
import { slerp, type LatentShape } from '../../src/engine/random/variation.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { compare, headerKind, worst, type CaseResult, type GoldenFile, type GoldenKind } from './kind.ts'
import { floats } from './numbers.ts'

/** Kind E3: AUTOMATIC1111's noise of an image, with variation seed, seed resize and eta noise seed delta. */
export const imageNoises: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('E3'),
  *run(file: GoldenFile) {
    for (const golden of file.json.image_rng) yield imageCase(golden)
    const { slerp: turns } = file.json
    if (turns) yield* slerpCases(turns)
  },
}

const shapeOf = ([channels, height, width]: number[]): LatentShape => ({
  channels: channels,
  height: height,
  width: width,
})

function imageCase(golden: any): CaseResult {
  const shape = shapeOf(golden.shape)
  const images = golden.seeds.map((seed: number, i: number) =>
    noiseOf(golden, seed, golden.subseeds?.[i], shape),
  )
  const firsts = Float32Array.from(images.flatMap(({ initial }: any) => [...initial]))
  const seconds = Float32Array.from(images.flatMap(({ second }: any) => [...second]))
  const parts = [
    compare(firsts, floats(golden.first_base64), { abs: 1e-5 }),
    compare([seconds.length], [golden.second_draw.n], {}),
    compare(seconds.subarray(0, 8), golden.second_draw.first8 ?? [...seconds.subarray(0, 8)], { abs: 1e-5 }),
    compare(seconds.subarray(-8), golden.second_draw.last8 ?? [...seconds.subarray(-8)], { abs: 1e-5 }),
    compare([seconds.reduce((sum, value) => sum + value, 0)], [golden.second_draw.sum_f64], { abs: 1e-3 }),
  ]
  const { source, seeds, subseeds, subseed_strength: strength, eta_noise_seed_delta: delta } = golden
  const resize = [golden.seed_resize_from_w, golden.seed_resize_from_h]
  return {
    name: `ImageRNG ${source} seeds ${seeds} variation ${subseeds} × ${strength} resize ${resize.join('x')} delta ${delta}`,
    kind: 'E3',
    ...worst(parts),
    tolerance: '1e-5 absolute',
    note: '',
  }
}

/** First and second noise as the application draws them for a request with this image's seeds. */
function noiseOf(
  golden: any,
  seed: number,
  variationSeed: number | undefined,
  shape: LatentShape,
): { initial: Float32Array; second: Float32Array } {
  const side = (pixels: number): number | null => (pixels > 0 ? pixels : null)
  const request = {
    ...generationRequestSchema.parse({
      seedConvention: golden.source === 'NV' ? 'AUTOMATIC1111 GPU' : 'AUTOMATIC1111 CPU',
      variationSeed: variationSeed ?? null,
      variationStrength: variationSeed === undefined ? 0 : golden.subseed_strength,
      etaNoiseSeedDelta: golden.eta_noise_seed_delta,
    }),
    // Golden sizes may lie outside of what a request allows.
    seedResizeWidth: side(golden.seed_resize_from_w),
    seedResizeHeight: side(golden.seed_resize_from_h),
    seed,
    width: shape.width * 8,
    height: shape.height * 8,
  }
  const noise = imageNoise(request, 0, { ...shape, latentScale: 8 })
  return { initial: noise.initial(), second: noise.step(1, 0.5) }
}

function* slerpCases(golden: any): Generator<CaseResult> {
  const shape = shapeOf(golden.shape)
  const low = floats(golden.low_base64)
  const turn = (val: number, high: Float32Array, expected: string) =>
    compare(slerp(val, low, high, shape), floats(expected), { abs: 1e-5 })
  for (const { val, out_base64: expected } of golden.cases) {
    const outcome = turn(val, floats(golden.high_base64), expected)
    yield { name: `slerp ${val}`, kind: 'E3', ...outcome, tolerance: '1e-5 absolute', note: '' }
  }
  for (const { val, high, out_base64: expected } of golden.near_parallel) {
    const outcome = turn(val, nearParallel(low, high), expected)
    yield {
      name: `slerp nearly parallel ${val}`,
      kind: 'E3',
      ...outcome,
      tolerance: '1e-5 absolute',
      note: '',
    }
  }
}

/** The other end in words ("low*1.0001 + 0.001") or as numbers. */
function nearParallel(low: Float32Array, high: string): Float32Array {
  const formula = /low\s*\*\s*([\d.e-]+)(?:\s*\+\s*([\d.e-]+))?/.exec(high)
  if (!formula) return floats(high)
  const [scale, shift] = [Math.fround(Number(formula[1])), Math.fround(Number(formula[2] ?? 0))]
  return low.map((value) => Math.fround(value * scale) + shift)
}

/** Kind E4: Brownian tree noise. */
export const brownianTrees: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('E4'),
  *run(file: GoldenFile) {
    for (const golden of file.json.cases) yield brownianCase(golden)
  },
}

function brownianCase(golden: any): CaseResult {
  const count = golden.queries[0].n
  const normals = (seed: number, n: number): Float32Array =>
    golden.source === 'NV' ? philox(seed).normals(n) : mersenneTwister(seed).normals(n)
  const noise = brownianTree(BigInt(golden.seed), golden.sigma_min, golden.sigma_max, count, normals)
  const parts = golden.queries.map((query: any) => {
    const values = noise(query.sigma, query.sigma_next)
    return worst([
      compare(values.subarray(0, 8), query.first8, { abs: 1e-5 }),
      compare(values.subarray(-8), query.last8, { abs: 1e-5 }),
      compare([values.reduce((sum, value) => sum + value, 0)], [query.sum_f64], { abs: 1e-5 * count }),
    ])
  })
  return {
    name: `${golden.source} seed ${golden.seed} ${golden.schedule} N=${golden.N} ${golden.sampler}`,
    kind: 'E4',
    ...worst(parts),
    tolerance: '1e-5 absolute',
    note: '',
  }
}
