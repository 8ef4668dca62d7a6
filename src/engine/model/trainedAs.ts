import { open } from 'node:fs/promises'
import type { Trained } from './modelFacts.ts'
import { float8Values } from '../graph/weight.ts'
import type { Dtype, Safetensors } from './safetensors.ts'
import { stableDiffusionNoise } from './schedulerConfig.ts'

/**
 * What a single-file checkpoint predicts and how its noise ends: from its metadata, from marker tensors, and for
 * SD 2, where neither helps, from the spread of one small tensor (as ComfyUI tells its 512 and 768 models apart).
 */
export async function trainedAs(file: Safetensors, family: string | null): Promise<Trained> {
  const { metadata, tensors } = file
  const zeroTerminal = tensors.has('ztsnr') || /^true$/i.test(metadata['ss_zero_terminal_snr'] ?? '')
  return {
    schedulerConfig: null,
    noiseSchedule: { ...stableDiffusionNoise, rescaleZeroTerminalSnr: zeroTerminal },
    predictionType: (await predictsVelocity(file, family)) ? 'v_prediction' : 'epsilon',
  }
}

async function predictsVelocity(file: Safetensors, family: string | null): Promise<boolean> {
  const { metadata, tensors } = file
  const said = metadata['modelspec.prediction_type']
  if (said) return /^v/i.test(said)
  if (tensors.has('v_pred') || /^true$/i.test(metadata['ss_v_parameterization'] ?? '')) return true
  const architecture = metadata['modelspec.architecture'] ?? ''
  if (/v2-768-v/.test(architecture)) return true
  if (/v2-512/.test(architecture)) return false
  return family === 'sd2' && (await looksLikeVelocity(file))
}

/** Standard deviations of this tensor in the published models: about 0.03 in 512-base, above 0.1 in 768-v. */
async function looksLikeVelocity(file: Safetensors): Promise<boolean> {
  const values = await readSmallTensor(
    file,
    'model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias',
  )
  if (!values || values.every((value) => value === 0)) return true
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return Math.sqrt(variance) > 0.09
}

async function readSmallTensor({ path, tensors }: Safetensors, key: string): Promise<number[] | null> {
  const entry = tensors.get(key)
  const numbersOf = entry && numbers[entry.dtype]
  if (!numbersOf || entry.length > 65536) return null
  const file = await open(path, 'r')
  try {
    const bytes = new Uint8Array(entry.length)
    await file.read(bytes, 0, bytes.length, entry.offset)
    return Array.from(numbersOf(bytes))
  } finally {
    await file.close()
  }
}

/** The numbers that bytes stand for, by the type they are stored in. */
const numbers: Partial<Record<Dtype, (bytes: Uint8Array<ArrayBuffer>) => ArrayLike<number>>> = {
  F64: ({ buffer }) => new Float64Array(buffer),
  F32: ({ buffer }) => new Float32Array(buffer),
  F16: ({ buffer }) => Array.from(new Float16Array(buffer)),
  BF16: ({ buffer }) =>
    new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer),
  F8_E4M3: (bytes) => Array.from(bytes, (byte) => float8Values('float8e4m3')[byte]),
  F8_E5M2: (bytes) => Array.from(bytes, (byte) => float8Values('float8e5m2')[byte]),
}
