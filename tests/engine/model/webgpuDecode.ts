import { fileURLToPath } from 'node:url'
import { largestDifference } from '../../../scripts/golden/numbers.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import type { Device } from '../../../src/shared/request.ts'

/** Prints how far one U-Net evaluation and one decoding of the starter model on WebGPU are from those on the CPU. */
const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.3))

async function outputs(device: Device): Promise<Float32Array[]> {
  const model = await openModel(starter, device)
  const unet = await model.openUnet(8, 8, 77)
  const prediction = await unet.run(wave(256), 500, wave(77 * model.textEncoders[0].width))
  const picture = await model.decode({ data: wave(4 * 16), channels: 4, height: 4, width: 4 })
  await model.release()
  return [prediction, picture]
}

const [found, expected] = [await outputs('webgpu'), await outputs('cpu')]
const differences = found.map((numbers, index) => largestDifference(numbers, expected[index]))
process.stdout.write(`${Math.max(...differences)}\n`)
