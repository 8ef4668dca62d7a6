import { join } from 'node:path'
import { largestDifference } from '../../../scripts/golden/numbers.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import type { Device } from '../../../src/shared/request.ts'
import { golden } from './comfyFolder.ts'

/** Prints how far an evaluation and a decoding of a tiny model of either family on WebGPU are from those on the CPU. */
const families = {
  zimage: { channels: 16, side: 8, textWidth: 32 },
  flux2klein: { channels: 128, side: 4, textWidth: 48 },
}

const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.3))

async function outputs(family: keyof typeof families, device: Device): Promise<Float32Array[]> {
  const { channels, side, textWidth } = families[family]
  const model = await openModel(join(golden, family), device)
  const unet = await model.openUnet(side, side, 0)
  const latents = { data: wave(channels * side * side), channels, height: side, width: side }
  const answers = [await unet.run(latents.data, 500, wave(20 * textWidth)), await model.decode(latents)]
  await model.release()
  return answers
}

const all = async (device: Device): Promise<Float32Array[]> => [
  ...(await outputs('zimage', device)),
  ...(await outputs('flux2klein', device)),
]

const [found, expected] = [await all('webgpu'), await all('cpu')]
const differences = found.map((numbers, index) => largestDifference(numbers, expected[index]))
process.stdout.write(`${Math.max(...differences)}\n`)
