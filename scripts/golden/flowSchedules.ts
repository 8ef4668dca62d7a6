import { empiricalMu, evenlyShifted, flowShift, shiftOf } from '../../src/engine/plan/flow/timeShift.ts'
import { compare, headerKind, worst, type CaseResult, type GoldenKind } from './kind.ts'

/** Steps of flow matching under every kind of shift. */
export const flowSchedules: GoldenKind = {
  recognises: (file) => headerKind(file) === 'formula checks at full-size dimensions',
  *run({ json }) {
    const agrees = (name: string, found: Float64Array, expected: number[]): CaseResult => {
      const difference = compare(found, expected, { rel: 2e-6 })
      return { ...difference, name, kind: 'flow schedule', tolerance: '2e-6 relative', note: '' }
    }
    for (const { shift, steps, sigmas } of json.zimage_static_shift)
      yield agrees(`shift ${shift}, ${steps} steps`, evenlyShifted(steps, shift), sigmas)
    const dynamic = flowShift({ use_dynamic_shifting: true })
    for (const { image_seq_len: tokens, steps, mu, sigmas } of json.zimage_dynamic_shift) {
      const shift = shiftOf(dynamic, tokens)
      const name = `dynamic shift, ${tokens} tokens, ${steps} steps`
      const parts = [
        agrees(name, evenlyShifted(steps, shift), sigmas),
        compare([Math.log(shift)], [mu], { abs: 1e-9 }),
      ]
      yield { ...agrees(name, evenlyShifted(steps, shift), sigmas), ...worst(parts) }
    }
    for (const { image_seq_len: tokens, steps, mu, sigmas } of json.klein) {
      const found = empiricalMu(tokens, steps)
      const name = `empirical mu, ${tokens} tokens, ${steps} steps`
      const run = agrees(name, evenlyShifted(steps, Math.exp(found)), sigmas)
      yield { ...run, ...worst([run, compare([found], [mu], { abs: 1e-9 })]) }
    }
  },
}
