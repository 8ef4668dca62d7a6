import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { largestDifference } from '../../../scripts/golden/numbers.ts'
import type { Model, UnetQuestion } from '../../../src/engine/model/model.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import type { Device } from '../../../src/shared/request/request.ts'
import { writeSafetensors, type TestTensor } from './safetensorsFile.ts'

/**
 * Prints how far evaluations of the starter model's U-Net, bare, under an adapter and two in one run, and one decoding on
 * WebGPU are from those on the CPU.
 */
const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.3))

const numbers = (shape: number[]): TestTensor => {
  const values = wave(shape.reduce((product, size) => product * size, 1)).map((value) => value / 4)
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) }
}

/** Low rank behind attention, a Kronecker product on a convolution, and the full difference of a norm. */
const folder = await mkdtemp(join(tmpdir(), 'webgpu-'))
const adapter = { name: 'test', path: join(folder, 'a.safetensors'), unet: 0.8, text: 1, blocks: null }
await writeSafetensors(adapter.path, {
  'lora_unet_up_blocks_1_attentions_0_proj_out.lora_down.weight': numbers([4, 192]),
  'lora_unet_up_blocks_1_attentions_0_proj_out.lora_up.weight': numbers([192, 4]),
  'lora_unet_up_blocks_2_resnets_0_conv2.lokr_w1': numbers([8, 8]),
  'lora_unet_up_blocks_2_resnets_0_conv2.lokr_w2': numbers([12, 12, 3, 3]),
  'lora_unet_up_blocks_2_resnets_0_norm2.w_norm': numbers([96]),
})

async function outputs(device: Device): Promise<Float32Array[]> {
  const model = await openModel(starter, device)
  const unet = await model.openUnet({ height: 8, width: 8, contextTokens: 77 })
  const prediction = await unet.run(wave(256), 500, wave(77 * model.textEncoders[0].width))
  const picture = await model.decode({ data: wave(4 * 16), channels: 4, height: 4, width: 4 })
  const worn = await model.wearing({ adapters: [adapter], embeddings: [], vaePath: null }, () => {})
  const under = await (
    await worn.openUnet({ height: 8, width: 8, contextTokens: 77 })
  ).run(wave(256), 500, wave(77 * model.textEncoders[0].width))
  if (largestDifference(under, prediction) < 1e-3) throw new Error('The adapter changed nothing.')
  const both = await twoEvaluations(model)
  await model.release()
  return [prediction, picture, under, ...both]
}

/** On the CPU one after the other. */
async function twoEvaluations(model: Model): Promise<Float32Array[]> {
  model.useMemory({ unetMakesRoom: false, widening: 'at opening', together: model.device !== 'cpu' })
  const { run, runBoth } = await model.openUnet({ height: 8, width: 12, contextTokens: 77, inPairs: true })
  const [first, second] = [1.1, 0.7].map((step): UnetQuestion => {
    const context = wave(77 * model.textEncoders[0].width).map((value) => step * value)
    return [wave(4 * 8 * 12), 500, context]
  })
  return runBoth ? runBoth(first, second) : [await run(...first), await run(...second)]
}

const [found, expected] = [await outputs('webgpu'), await outputs('cpu')]
const differences = found.map((numbers, index) => largestDifference(numbers, expected[index]))
await rm(folder, { recursive: true })
process.stdout.write(`${Math.max(...differences)}\n`)
