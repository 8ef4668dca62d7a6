import { expect, it } from 'vitest'
import { noiseSchedule } from '../../../src/engine/plan/noiseSchedule.ts'
import { planSampling } from '../../../src/engine/plan/sampling.ts'
import { toCsv } from '../../../src/renderer/lab/csv.ts'
import { strengthAt } from '../../../src/renderer/lab/forwards/strength.ts'
import { packFloat32, unpackFloat16, unpackFloat32 } from '../../../src/renderer/lab/numbers.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../../src/shared/request/request.ts'

const schedule = noiseSchedule({
  betaSchedule: 'scaled_linear',
  betaStart: 0.00085,
  betaEnd: 0.012,
  trainSteps: 1000,
  rescaleZeroTerminalSnr: false,
})

it('the strength that is said begins where it says, in as many steps as it says', () => {
  for (const steps of [2, 6, 20, 50])
    for (const timestep of [0, 100, 333, 500, 760, 998]) {
      const said = strengthAt(timestep, 1000, steps)
      const request = generationRequestSchema.parse({
        steps,
        sampler: 'DDPM',
        schedule: 'Normal',
        denoiseStrength: said.strength,
        initImage: { id: '0'.repeat(64) },
        seed: 1,
      }) as ResolvedRequest
      const plan = planSampling(request, {
        noiseSchedule: schedule,
        predictionType: 'epsilon',
        schedulerConfig: null,
      })
      const name = `${steps} steps from ${timestep}`
      expect(plan.steps, name).toBe(said.steps)
      expect(Math.abs(schedule.sigmaToTimestep(plan.sigmas[0]) - said.timestep), name).toBeLessThan(1)
    }
})

it('columns become CSV with a header, quoted where they must be', () => {
  const csv = toCsv([
    { name: 'x, "t"', values: [1, 2] },
    { name: 'y', values: Float64Array.of(0.5) },
  ])
  expect(csv).toBe('"x, ""t""",y\n1,0.5\n2,')
})

it('numbers come over the contract as they were', () => {
  const values = Float32Array.of(0, -1.5, 3.25e-5, 65504, 1e30)
  expect(unpackFloat32(packFloat32(values))).toEqual(values)
  const halves = new Float16Array([0, -1.5, 2 ** -24, 65504, -Infinity, 0.1])
  const packed = Buffer.from(halves.buffer).toString('base64')
  expect(unpackFloat16(packed)).toEqual(Float32Array.from(halves))
})
