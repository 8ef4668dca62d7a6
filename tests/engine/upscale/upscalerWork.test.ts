import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSafetensors } from '../../../src/engine/model/files/safetensors.ts'
import { upscalerWork } from '../../../src/engine/upscale/upscalerWork.ts'
import { builtInUpscaler } from '../../../src/shared/models/upscalers.ts'
import { builtInUpscalersFolder } from '../../../src/studio/paths.ts'

const path = join(builtInUpscalersFolder, builtInUpscaler, 'model.safetensors')

it('an upscaler multiplies every weight of its convolutions once a pixel, those after the enlarging once a pixel there', async () => {
  const file = await readSafetensors(path)
  const sizes = [...file.tensors].map(([key, { shape }]) => {
    const isConvolution = shape.length === 4
    const pixels = key.startsWith('output.') ? 4 : 1
    return isConvolution ? pixels * shape.reduce((product, size) => product * size, 1) : 0
  })
  expect(await upscalerWork(path)).toEqual({
    scale: 2,
    multiplications: sizes.reduce((sum, size) => sum + size, 0),
  })
})

it('what comes as an ONNX graph does not tell', async () => {
  expect(await upscalerWork('/models/any.onnx')).toBeNull()
})
