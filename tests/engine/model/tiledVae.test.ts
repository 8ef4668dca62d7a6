import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { graphOver } from '../../../src/engine/model/networks/graphOver.ts'
import { openSession, type RealDevice } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { readVae } from '../../../src/engine/model/sources/vaeFile.ts'
import { vaeForm } from '../../../src/engine/model/networks/vaeForm.ts'
import { openDecoder } from '../../../src/engine/model/networks/vaeNetworks.ts'

const starter = fileURLToPath(new URL('../../../resources/models/starter/preview_vae', import.meta.url))
const [height, width] = [72, 116]

/** A sky over a hill, in latents: smooth, with no two places alike. */
const latents = Float32Array.from({ length: 4 * height * width }, (_, i) => {
  const [x, y, channel] = [i % width, Math.floor(i / width) % height, Math.floor(i / height / width)]
  return Math.sin((4 * x) / width + channel) * Math.cos((3 * y) / height - channel)
})

it("the starter's tiny VAE decodes in blended tiles within 2 of 255 of what it decodes in one piece", async () => {
  const { config, tensors } = await readVae(starter, { scalingFactor: 1 })
  /** Computed here; how, is decided as on `device`. */
  const decodeAs = async (device: RealDevice, kind: string): Promise<Float32Array> => {
    expect(vaeForm(config, { height, width }, device).kind).toBe(kind)
    const network = await openDecoder(
      config,
      { height, width },
      {
        formOf: device,
        open(write, frugal) {
          const graph = graphOver(tensors, { attention: 'fused', precision: 'float32' })
          write(graph)
          const tally = newTallies().vaeDecoder
          return openSession(graph.encode(), { device: 'cpu', folder: graph.folder, frugal, tally })
        },
      },
    )
    const planes = await network.run(latents)
    await network.release()
    return planes
  }
  const whole = await decodeAs('webgpu', 'whole')
  const tiled = await decodeAs('cpu', 'tiles')
  expect(tiled.length).toBe(whole.length)
  const [least, most] = whole.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [0, 0])
  expect(most - least).toBeGreaterThan(0.5)
  const furthest = whole.reduce((far, value, i) => Math.max(far, Math.abs(value - tiled[i])), 0)
  // Planes reach from -1 to 1.
  expect((furthest * 255) / 2).toBeLessThan(2)
}, 300_000)
