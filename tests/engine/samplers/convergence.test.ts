import { expect, it } from 'vitest'
import { deisLogRho } from '../../../src/engine/samplers/deisLogRho.ts'
import { dpmSolverMultistep } from '../../../src/engine/samplers/dpmSolverMultistep.ts'
import { dpmSolverSinglestep } from '../../../src/engine/samplers/dpmSolverSinglestep.ts'
import type { DpmAlgorithm } from '../../../src/engine/samplers/dpmSolverUpdate.ts'
import { methods, type MethodOptions } from '../../../src/engine/samplers/methods.ts'
import { saSolver } from '../../../src/engine/samplers/saSolver.ts'
import type { Sampler } from '../../../src/engine/samplers/step.ts'
import { unipc } from '../../../src/engine/samplers/unipc.ts'
import { exponentialSigmas, linspace } from '../../../src/engine/plan/schedules/spacings.ts'
import { errorOf } from './gaussian.ts'

/** It stops above sigma 0: a last step to 0 would leave an error of its own. */
const [sigmaMax, sigmaMin] = [10, 0.2]
const spacings = {
  logarithmic: (steps: number) => exponentialSigmas(steps + 1, sigmaMin, sigmaMax).slice(0, steps + 1),
  even: (steps: number) => Float64Array.from(linspace(sigmaMax, sigmaMin, steps + 1)),
}

const solver = (algorithm: DpmAlgorithm, order: number): Sampler<MethodOptions> => {
  const orders = new Array<number>(300).fill(order)
  return (denoise, x, sigmas, noise) =>
    dpmSolverMultistep(denoise, x, sigmas, noise, { algorithm, solver: 'midpoint', orders })
}
const stages = (order: number): Sampler<MethodOptions> => {
  const orders = Array.from({ length: 300 }, (_, i) => (i % order) + 1)
  return (denoise, x, sigmas, noise) =>
    dpmSolverSinglestep(denoise, x, sigmas, noise, { algorithm: 'dpmsolver++', solver: 'heun', orders })
}

/**
 * Between `steps` and four times as many the error must fall with this order. Multistep methods that begin with a
 * step of first order cannot do better than about 2 however high their own order; those with fixed weights for even
 * steps have it only there.
 */
const cases: [
  name: string,
  order: number,
  spacing: keyof typeof spacings,
  steps: number,
  sampler: Sampler<MethodOptions>,
][] = [
  ['Euler', 1, 'logarithmic', 32, methods.Euler.sampler],
  ['Euler a without fresh noise', 1, 'logarithmic', 32, methods['Euler a'].sampler],
  ['HeunPP2', 1, 'logarithmic', 32, methods.HeunPP2.sampler],
  ['Gradient Estimation', 1, 'logarithmic', 64, methods['Gradient Estimation'].sampler],
  ['Heun', 2, 'logarithmic', 32, methods.Heun.sampler],
  ['DPM2', 2, 'logarithmic', 32, methods.DPM2.sampler],
  ['DPM2 a without fresh noise', 2, 'logarithmic', 32, methods['DPM2 a'].sampler],
  ['DPM++ 2S a without fresh noise', 2, 'logarithmic', 32, methods['DPM++ 2S a'].sampler],
  ['DPM++ SDE without fresh noise', 2, 'logarithmic', 32, methods['DPM++ SDE'].sampler],
  ['DPM++ 2M', 2, 'logarithmic', 64, methods['DPM++ 2M'].sampler],
  ['DPM++ 2M SDE without fresh noise', 2, 'logarithmic', 64, methods['DPM++ 2M SDE'].sampler],
  ['DPM++ 2M SDE Heun without fresh noise', 2, 'logarithmic', 64, methods['DPM++ 2M SDE Heun'].sampler],
  ['DPM++ 3M SDE without fresh noise', 2, 'logarithmic', 32, methods['DPM++ 3M SDE'].sampler],
  ['RES Multistep', 2, 'logarithmic', 32, methods['RES Multistep'].sampler],
  ['SEEDS 2 without fresh noise', 2, 'logarithmic', 32, methods['SEEDS 2'].sampler],
  ['SEEDS 3 without fresh noise', 3, 'even', 64, methods['SEEDS 3'].sampler],
  ['LMS', 3, 'logarithmic', 32, methods.LMS.sampler],
  ['PLMS', 2, 'logarithmic', 32, methods.PLMS.sampler],
  ['PLMS over even sigmas', 3, 'even', 32, methods.PLMS.sampler],
  ['IPNDM', 2, 'logarithmic', 32, methods.IPNDM.sampler],
  ['IPNDM over even sigmas', 3, 'even', 32, methods.IPNDM.sampler],
  ['IPNDM_V', 2.5, 'logarithmic', 32, methods.IPNDM_V.sampler],
  ['DEIS', 2.75, 'logarithmic', 32, methods.DEIS.sampler],
  ['UniPC', 2, 'logarithmic', 32, methods.UniPC.sampler],
  ['UniPC bh2', 2, 'logarithmic', 32, methods['UniPC bh2'].sampler],
  ['DPM fast', 3, 'logarithmic', 35, methods['DPM fast'].sampler],
  ['DPM-Solver++ multistep 1', 1, 'logarithmic', 32, solver('dpmsolver++', 1)],
  ['DPM-Solver++ multistep 2', 2, 'logarithmic', 64, solver('dpmsolver++', 2)],
  ['DPM-Solver++ multistep 3', 2, 'logarithmic', 32, solver('dpmsolver++', 3)],
  ['DPM-Solver multistep 3', 2, 'logarithmic', 32, solver('dpmsolver', 3)],
  ['DPM-Solver++ singlestep 2', 2, 'logarithmic', 32, stages(2)],
  ['DPM-Solver++ singlestep 3', 3, 'logarithmic', 18, stages(3)],
  [
    'DEIS in log rho',
    2,
    'logarithmic',
    32,
    (denoise, x, sigmas, noise) =>
      deisLogRho(denoise, x, sigmas, noise, { orders: new Array<number>(300).fill(3) }),
  ],
  [
    'UniPC predicting noise',
    2,
    'logarithmic',
    32,
    (denoise, x, sigmas, noise) =>
      unipc(denoise, x, sigmas, noise, {
        variant: 'bh2',
        order: 3,
        lowerOrderFinal: false,
        predictNoise: true,
      }),
  ],
  [
    'SA Solver without fresh noise',
    3,
    'logarithmic',
    8,
    (denoise, x, sigmas, noise) => saSolver(denoise, x, sigmas, noise, { sNoise: 1, tau: () => 0 }),
  ],
]

it.each(cases)(
  '%s converges to the exact flow with order %s',
  async (_name, order, spacing, steps, sampler) => {
    const coarse = await errorOf(sampler, spacings[spacing](steps))
    const fine = await errorOf(sampler, spacings[spacing](4 * steps))
    const measured = Math.log2(coarse / fine) / 2
    expect(measured).toBeGreaterThan(order - 0.3)
  },
)

it('DPM adaptive chooses steps that keep within its tolerance', async () => {
  expect(await errorOf(methods['DPM adaptive'].sampler, spacings.logarithmic(10))).toBeLessThan(0.05)
})
