import { describe, expect, it } from 'vitest'
import { createPreviewer } from '../../../src/engine/picture/previewer.ts'
import { createPace } from '../../../src/engine/picture/previewPace.ts'
import { inEnglish } from '../../../src/shared/notices.ts'

/** Two channels, one latent, two pixels a side. */
const denoised = { data: Float32Array.of(0.2, -0.4), channels: 2, height: 1, width: 1 }
const decode = ({ height, width }: { height: number; width: number }) =>
  Promise.resolve(new Float32Array(3 * 4 * height * width))

describe('the pace of previews', () => {
  it('gives them at most a twentieth of the running time, and at most one in 200 ms', async () => {
    let now = 0
    const pace = createPace(() => now)
    let drawn = 0
    let drawing = 0
    const run = async (steps: number, step: number, cost: number): Promise<void> => {
      pace.begin()
      for (let done = 0; done < steps; done++) {
        now += step
        if (!pace.isDue()) continue
        drawn++
        drawing += cost
        await pace.measure(() => Promise.resolve((now += cost)))
      }
    }
    await run(400, 50, 40)
    expect(drawing / now).toBeLessThanOrEqual(0.05)
    expect(drawn).toBeGreaterThan(20)
    // The next picture is short, and what drawing takes is known by now.
    drawn = 0
    await run(4, 50, 40)
    expect(drawn).toBe(0)
    await run(1, 800, 0)
    drawn = 0
    await run(200, 10, 0)
    expect(drawn).toBe(10)
  })
})

describe('a picture that develops', () => {
  it('is coarse from the first step on, and sharp as soon as there is time for the tiny VAE', async () => {
    let now = 0
    const tiny = {
      scale: 2,
      run: (data: Float32Array) => {
        now += 50
        return Promise.resolve(new Float32Array(3 * 4 * (data.length / 2)))
      },
    }
    const model = {
      ...{ latentChannels: 2, latentScale: 2, decode, vaeStamp: null },
      openPreviewVae: () => Promise.resolve(tiny),
    }
    const previewer = createPreviewer(
      model,
      () => {},
      () => now,
    )
    const widths = async (steps: number): Promise<(number | undefined)[]> => {
      previewer.begin()
      const drawn = []
      for (let step = 0; step < steps; step++) {
        now += 200
        drawn.push((await previewer.draw(denoised, model))?.width)
      }
      return drawn
    }
    expect((await widths(3))[0]).toBe(2)
    // The tiny VAE took 50 ms, so it draws when a second has gone; no coarse one follows a sharp one.
    expect(await widths(7)).toEqual([1, 1, 1, 1, 2, undefined, undefined])
  })
})

describe('a tiny VAE that fails while it draws', () => {
  it('is told of once and left alone', async () => {
    let opened = 0
    const openPreviewVae = () => {
      opened++
      return Promise.resolve({ scale: 2, run: () => Promise.reject(new Error('out of room')) })
    }
    let now = 0
    const warnings: string[] = []
    const model = { latentChannels: 2, latentScale: 2, decode, openPreviewVae, vaeStamp: null }
    const previewer = createPreviewer(
      model,
      (...says) => warnings.push(inEnglish(says)),
      () => now,
    )
    for (let step = 0; step < 3; step++) {
      now += 1000
      expect(await previewer.draw(denoised, model)).toMatchObject({ width: 1, height: 1 })
    }
    expect(opened).toBe(1)
    expect(warnings).toEqual([expect.stringContaining('out of room')])
  })
})
