import { noiseSchedule } from '../../src/engine/plan/noiseSchedule.ts'
import { noiseScheduleConfig } from '../../src/engine/model/sources/schedulerConfig.ts'
import { compare, headerKind, worst, type CaseResult, type GoldenFile, type GoldenKind } from './kind.ts'
import { floats } from './numbers.ts'

/** Kind A1: training betas and ᾱ in float32 (diffusers) and float64 (everyone else). */
export const betas: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('A1'),
  *run(file: GoldenFile) {
    for (const [name, golden] of Object.entries<any>(file.json.configs)) yield* runConfig(name, golden)
  },
}

function* runConfig(name: string, golden: any): Generator<CaseResult> {
  const config = noiseScheduleConfig(golden.config)
  const at = (table: Float64Array): number[] => golden.indices.map((index: number) => table[index])
  const single = noiseSchedule({ ...config, precision: 'float32', terminalAlphaCumprod: 1e-30 })
  // Zero terminal SNR ends in an exact 0, for which 1e-30 stands in here.
  const whole = Float32Array.from(single.alphasCumprod, (alpha) => (alpha < 1e-29 ? 0 : alpha))
  const alphas = single.alphasCumprod.map((alpha, i) => (i > 0 ? alpha / single.alphasCumprod[i - 1] : alpha))
  yield {
    name: `${name} float32`,
    kind: 'A1',
    ...worst([
      compare(whole, floats(golden.alphas_cumprod_f32_base64), { rel: 2e-5 }),
      compare(at(Float64Array.from(whole)), golden.alphas_cumprod_f32, { rel: 2e-5 }),
      // A beta out of two ᾱ carries their float32 rounding twice.
      compare(at(alphas.map((alpha) => 1 - alpha)), golden.betas_f32, { rel: 2e-5, abs: 2 ** -21 }),
    ]),
    tolerance: '2e-5 relative',
    note: 'betas, which are not kept, out of two ᾱ each: 2^-21',
  }
  if (!golden.alphas_cumprod_f64) return
  const double = noiseSchedule(config)
  const sum = double.alphasCumprod.reduce((total, alpha) => total + alpha, 0)
  yield {
    name: `${name} float64`,
    kind: 'A1',
    ...worst([
      compare(at(double.alphasCumprod), golden.alphas_cumprod_f64, { rel: 1e-12 }),
      compare(at(double.sigmas), golden.sigmas_f64, { rel: 1e-12 }),
      compare([sum], [golden.sum_f64], { rel: 1e-12 }),
    ]),
    tolerance: '1e-12 relative',
    note: '',
  }
}
