import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inferUnetConfig } from '../../../src/engine/graph/config/inferConfig.ts'
import { builtNetworks, type Parts } from '../../../src/engine/model/networks/builtNetworks.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { readVae } from '../../../src/engine/model/sources/vaeFile.ts'
import { writeSafetensors } from './safetensorsFile.ts'
import { planes, tinyVaeByHand, type Planes } from './tinyVaeByHand.ts'

const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
const width = 6
const { tensors, decode, encode } = tinyVaeByHand({ width, latentChannels: 4, decoderBlocks: [3, 3, 3, 1] })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taesd-'))
  await writeSafetensors(join(folder, 'taesd.safetensors'), tensors)
})
afterAll(() => rm(folder, { recursive: true }))

describe('TAESD', () => {
  it('decodes and encodes as its layers, written out, do', async () => {
    const vae = await readVae(join(folder, 'taesd.safetensors'), { scalingFactor: 1 })
    expect(vae.config).toMatchObject({ kind: 'tiny', channels: width, latentChannels: 4 })
    // Only the autoencoder is opened here.
    const parts = {
      textEncoders: [],
      unet: { config: inferUnetConfig(() => undefined, 0) },
      vae,
    } as unknown as Parts
    const dialect = { attention: 'fused', precision: 'float32' } as const
    const networks = builtNetworks(parts, { device: 'cpu', dialect, tallies: newTallies() })
    const latents = planes(4, 2, 3)
    const picture = planes(3, 16, 8)
    const decoder = await networks.openVaeDecoder!(2, 3)
    const encoder = await networks.openVaeEncoder!(16, 8)
    const close = (found: Float32Array, expected: Planes): void => {
      const flat = expected.flat(2)
      expect(found.length).toBe(flat.length)
      flat.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 4))
    }
    close(await decoder.run(Float32Array.from(latents.flat(2))), decode(latents))
    close(await encoder.run(Float32Array.from(picture.flat(2))), encode(picture))
    await decoder.release()
    await encoder.release()
  })

  it('takes the place of the autoencoder in a model folder whose studio.json names it', async () => {
    const model = join(folder, 'model')
    await cp(starter, model, { recursive: true })
    await writeSafetensors(join(model, 'taesd.safetensors'), tensors)
    await writeFile(join(model, 'studio.json'), JSON.stringify({ vae: 'taesd.safetensors' }))
    const opened = await openModel(model, 'cpu')
    const latents = planes(4, 2, 3)
    const decoded = await opened.decode({
      data: Float32Array.from(latents.flat(2)),
      channels: 4,
      height: 2,
      width: 3,
    })
    await opened.release()
    decode(latents)
      .flat(2)
      .forEach((value, index) => expect(decoded[index]).toBeCloseTo(value, 4))
  })
})
