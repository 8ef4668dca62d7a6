import { join } from 'node:path'
import { largestDifference } from '../../../scripts/golden/numbers.ts'
import { ditKinds } from '../../../src/engine/model/dit/ditKinds.ts'
import { readWeightFile } from '../../../src/engine/model/files/weightFile.ts'
import { joinTensors, placeTensors } from '../../../src/engine/model/files/weights.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { targetFor } from '../../../src/engine/model/runtime/devices.ts'
import type { Device } from '../../../src/shared/request/request.ts'
import { golden } from './comfyFolder.ts'

/**
 * Prints how far evaluations and decodings of tiny models of both families on WebGPU are from those on the CPU: with weights as
 * trained, and in blocks.
 */
const families = {
  zimage: { channels: 16, side: 4, textWidth: 32 },
  flux2klein: { channels: 128, side: 2, textWidth: 48 },
}

const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.3))

async function outputs(family: keyof typeof families, device: Device): Promise<Float32Array[]> {
  const { channels, side, textWidth } = families[family]
  const model = await openModel(join(golden, family), device)
  const unet = await model.openUnet({ height: side, width: side, contextTokens: 0 })
  const latents = { data: wave(channels * side * side), channels, height: side, width: side }
  const answers = [await unet.run(latents.data, 500, wave(20 * textWidth)), await model.decode(latents)]
  await model.release()
  return answers
}

/** What the transformers of both families answer with weights in blocks. */
async function inBlocks(form: string, device: Device): Promise<Float32Array[]> {
  const target = await targetFor(device)
  if (device !== 'cpu' && !target.dialect.blockProducts) throw new Error('It multiplies no blocks.')
  const answers: Float32Array[] = []
  for (const kind of ditKinds) {
    const name = kind.family.name.replaceAll('-', '')
    const file = await readWeightFile(join(golden, 'single_files', `${name}_${form}`))
    const transformer = kind.inferred(placeTensors(joinTensors([file]), kind.place).parts.transformer)
    const network = transformer.open({ height: 4, width: 4 }, target)
    const text = wave(32 * transformer.textWidth)
    answers.push(await network.run(wave(16 * transformer.channels), 500, text, {}))
    await network.release()
  }
  return answers
}

const all = async (device: Device): Promise<Float32Array[]> => [
  ...(await outputs('zimage', device)),
  ...(await outputs('flux2klein', device)),
  ...(await inBlocks('Q8_0.gguf', device)),
  ...(await inBlocks('Q4_0.gguf', device)),
]

const [found, expected] = [await all('webgpu'), await all('cpu')]
const differences = found.map((numbers, index) => largestDifference(numbers, expected[index]))
process.stdout.write(`${Math.max(...differences)}\n`)
