import type { Trained } from '../modelFacts.ts'
import type { Safetensors } from '../files/safetensors.ts'
import { stableDiffusionNoise } from './schedulerConfig.ts'
import { readNumbers } from '../files/tensorNumbers.ts'

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

async function readSmallTensor({ path, tensors }: Safetensors, key: string): Promise<Float64Array | null> {
  const entry = tensors.get(key)
  if (!entry || entry.length > 65536) return null
  const [values] = await readNumbers(path, [entry])
  return values
}
