import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlScales, countsAt } from '../../../src/engine/control/controlShare.ts'
import type { Model } from '../../../src/engine/model/model.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { paint } from '../../../src/engine/pipeline.ts'
import { openTokenizers } from '../../../src/engine/text/textEmbeddings.ts'
import type { EngineControl } from '../../../src/shared/engine/engineContract.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../../src/shared/request/request.ts'
import { writeSafetensors } from '../model/safetensorsFile.ts'
import { tinyAdapter, tinyControlNet } from './tinyControl.ts'

describe('when a control picture counts', () => {
  const at = (step: number) => ({ step, steps: 10, timestep: 999 - 100 * step, trainSteps: 1000 })
  const counted = (start: number, end: number, convention: 'AUTOMATIC1111 CPU' | 'diffusers' | 'ComfyUI') =>
    Array.from({ length: 10 }, (_, step) => step).filter((step) =>
      countsAt({ start, end }, at(step), convention),
    )

  it('is in steps begun with AUTOMATIC1111, in whole steps with diffusers, in timesteps with ComfyUI', () => {
    expect(counted(0.2, 0.5, 'AUTOMATIC1111 CPU')).toEqual([2, 3, 4, 5])
    expect(counted(0.2, 0.5, 'diffusers')).toEqual([2, 3, 4])
    expect(counted(0.25, 0.5, 'ComfyUI')).toEqual([3, 4])
    for (const convention of ['AUTOMATIC1111 CPU', 'diffusers', 'ComfyUI'] as const)
      expect(counted(0, 1, convention)).toHaveLength(10)
  })
})

describe('how much each residual counts', () => {
  it('is the same when balanced, and rises towards the middle with prompt or control in front', () => {
    expect(controlScales({ weight: 0.7, mode: 'balanced' }, 'residuals', 3, 'ComfyUI')).toEqual([
      0.7, 0.7, 0.7,
    ])
    const soft = controlScales({ weight: 2, mode: 'prompt' }, 'residuals', 13, 'AUTOMATIC1111 CPU')
    expect(soft[12]).toBe(2)
    expect(soft[0]).toBeCloseTo(2 * 0.825 ** 12, 12)
    const guess = controlScales({ weight: 1, mode: 'control' }, 'residuals', 13, 'diffusers')
    expect([guess[0], guess[12]]).toEqual([0.1, 1])
    expect(guess[6]).toBeCloseTo(Math.sqrt(0.1), 12)
    const features = controlScales({ weight: 1, mode: 'prompt' }, 'features', 4, 'AUTOMATIC1111 CPU')
    expect(features).toEqual([0.25, 0.62, 0.825, 1])
  })
})

describe('a run under control', () => {
  let folder: string
  let model: Model
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steering-'))
    const control = await tinyControlNet(0.7)
    await writeSafetensors(join(folder, 'control.safetensors'), control)
    await writeSafetensors(join(folder, 'adapter.safetensors'), tinyAdapter('full', 8, [8, 16, 16, 16]))
    model = await openModel(fileURLToPath(new URL('../../golden/pipelines/sd15', import.meta.url)), 'cpu')
  })
  afterAll(async () => {
    await model.release()
    await rm(folder, { recursive: true })
  })

  const picture = {
    width: 64,
    height: 64,
    data: Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * 37) % 256),
  }
  const control = (name: string, change: Partial<EngineControl> = {}): EngineControl => ({
    path: join(folder, `${name}.safetensors`),
    picture,
    preprocessor: 'none',
    settings: {},
    weight: 1,
    start: 0,
    end: 1,
    mode: 'balanced',
    ...change,
  })

  async function drawn(controls: EngineControl[], change: GenerationRequestInput = {}): Promise<Buffer> {
    const request = generationRequestSchema.parse({
      prompt: 'a castle',
      negativePrompt: 'fog',
      steps: 4,
      guidanceScale: 3,
      sampler: 'Euler',
      ...change,
    })
    const resolved = { ...request, seed: 5, width: 64, height: 64 }
    const subject = { request: resolved, index: 0, initImage: null, mask: null, controls }
    const painting = paint(model, await openTokenizers(model), subject, () => {})
    for (;;) {
      const { value, done } = await painting.next()
      if (done) return Buffer.from(value.pixels.data)
    }
  }

  it('draws another picture, and without weight the very same', async () => {
    const plain = await drawn([])
    expect(await drawn([control('control')])).not.toEqual(plain)
    expect(await drawn([control('adapter')])).not.toEqual(plain)
    expect(await drawn([control('control', { weight: 0 }), control('adapter', { weight: 0 })])).toEqual(plain)
  })

  it('counts only between its start and its end', async () => {
    const whole = await drawn([control('control')])
    const first = await drawn([control('control', { end: 0.1 })])
    const none = await drawn([control('control', { start: 0.9 })])
    expect(none).toEqual(await drawn([]))
    expect(first).not.toEqual(whole)
    expect(first).not.toEqual(none)
  })

  it('leaves the negative prompt alone when the control is in front', async () => {
    const unguided = { guidanceScale: 1 }
    const [prompt, inFront] = (['prompt', 'control'] as const).map((mode) => [control('control', { mode })])
    // Without guidance nothing is asked under the negative prompt, and both weigh alike.
    expect(await drawn(inFront, unguided)).toEqual(await drawn(prompt, unguided))
    expect(await drawn(inFront)).not.toEqual(await drawn(prompt))
  })

  it('draws the same picture where guidance is made in one run, also with the control on one side', async () => {
    const usual = { unetMakesRoom: false, widening: 'at opening' } as const
    for (const mode of ['balanced', 'control'] as const) {
      const steering = [control('control', { mode }), control('adapter')]
      const inTurn = await drawn(steering)
      model.useMemory({ ...usual, together: true })
      const runs = model.tallies.unet.runs
      const together = await drawn(steering)
      expect(model.tallies.unet.runs - runs).toBe(4)
      model.useMemory(usual)
      const furthest = inTurn.reduce((most, value, i) => Math.max(most, Math.abs(value - together[i])), 0)
      expect(furthest).toBeLessThanOrEqual(1)
    }
  })

  it('adds several up', async () => {
    const half = control('control', { weight: 0.5 })
    const twice = await drawn([half, half])
    const once = await drawn([control('control')])
    const furthest = once.reduce((most, value, i) => Math.max(most, Math.abs(value - twice[i])), 0)
    expect(furthest).toBeLessThanOrEqual(1)
    expect(await drawn([control('control'), control('adapter')])).not.toEqual(once)
  })
})
