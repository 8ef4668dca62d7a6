import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/**
 * Writes the upscaler that ships out of the npm package @upscalerjs/esrgan-legacy (its `psnr-small`), whose residual dense
 * network is stored as layers of Keras for TensorFlow.js:
 *   node scripts/importUpscaler.ts PACKAGE/models/psnr-small resources/upscalers/RDN-2x
 * Format read: https://www.tensorflow.org/js/guide/save_load (weightsManifest, affine 8-bit quantization).
 */

interface StoredWeight {
  name: string
  shape: number[]
  dtype: 'float32'
  quantization?: { dtype: 'uint8' | 'uint16'; scale: number; min: number }
}

interface Manifest {
  weightsManifest: { paths: string[]; weights: StoredWeight[] }[]
}

interface Tensor {
  name: string
  shape: number[]
  values: Float32Array
}

/** The names of ISR's layers (idealo/image-super-resolution, rdn.py), as our graph has them. */
function nameHere(layer: string): string {
  const names: Record<string, string> = {
    F_m1: 'sfe1',
    F_0: 'sfe2',
    GFF_1: 'gff.0',
    GFF_2: 'gff.1',
    UPN1: 'upn.0',
    UPN2: 'upn.1',
    UPN3: 'upn.2',
    SR: 'output',
  }
  const [, block, inside] = /^F_(\d+)_(\d+)$/.exec(layer) ?? []
  const [, fused] = /^LFF_(\d+)$/.exec(layer) ?? []
  if (block) return `rdbs.${Number(block) - 1}.layers.${Number(inside) - 1}`
  if (fused) return `rdbs.${Number(fused) - 1}.lff`
  if (layer in names) return names[layer]
  throw new Error(`The layer ${layer} is none of a residual dense network.`)
}

/** Kernels [height, width, in, out] as [out, in, height, width]. */
function toOutputsFirst({ name, shape, values }: Tensor): Tensor {
  if (shape.length !== 4) return { name, shape, values }
  const [height, width, inputs, outputs] = shape as [number, number, number, number]
  const area = height * width
  const turned = Float32Array.from(values, (_, i) => {
    const [output, input, place] = [Math.floor(i / (inputs * area)), Math.floor(i / area) % inputs, i % area]
    return values[(place * inputs + input) * outputs + output]
  })
  return { name, shape: [outputs, inputs, height, width], values: turned }
}

async function readTensors(folder: string): Promise<Tensor[]> {
  const manifest = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as Manifest
  const tensors: Tensor[] = []
  for (const { paths, weights } of manifest.weightsManifest) {
    const bytes = Buffer.concat(await Promise.all(paths.map((path) => readFile(join(folder, path)))))
    let offset = 0
    for (const { name, shape, quantization } of weights) {
      const count = shape.reduce((product, size) => product * size, 1)
      const size = quantization ? (quantization.dtype === 'uint8' ? 1 : 2) : 4
      const stored = bytes.subarray(offset, (offset += count * size))
      const values = Float32Array.from({ length: count }, (_, i) => {
        if (!quantization) return stored.readFloatLE(i * 4)
        return stored.readUIntLE(i * size, size) * quantization.scale + quantization.min
      })
      const [layer, kind] = name.split('/') as [string, 'kernel' | 'bias']
      tensors.push({ name: `${nameHere(layer)}.${kind === 'kernel' ? 'weight' : 'bias'}`, shape, values })
    }
    if (offset !== bytes.length) throw new Error(`${bytes.length - offset} bytes belong to no tensor.`)
  }
  return tensors.map(toOutputsFirst).sort((one, other) => one.name.localeCompare(other.name))
}

/** Half precision: finer than the 8 bits that the numbers come in. */
function safetensors(tensors: readonly Tensor[], metadata: Record<string, string>): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  for (const { name, shape, values } of tensors)
    header[name] = { dtype: 'F16', shape, data_offsets: [offset, (offset += values.length * 2)] }
  const text = JSON.stringify(header)
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  const data = tensors.map(({ values }) => Buffer.from(Float16Array.from(values).buffer))
  return Buffer.concat([length, padded, ...data])
}

const [from, to] = process.argv.slice(2).map((path) => resolve(path))
if (!from || !to) throw new Error('Usage: node scripts/importUpscaler.ts FROM TO')
await mkdir(to, { recursive: true })
const metadata = {
  'modelspec.title': 'RDN-2x',
  'modelspec.license': 'MIT',
  source: 'npm @upscalerjs/esrgan-legacy 1.0.0, models/psnr-small',
}
const file = join(to, 'model.safetensors')
await writeFile(file, safetensors(await readTensors(from), metadata))
console.log(file)
