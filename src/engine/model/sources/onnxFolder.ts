import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { clipTextConfig } from '../../graph/clip/clipTextConfig.ts'
import { unetConfig } from '../../graph/unet/unetConfig.ts'
import { vaeConfig } from '../../graph/vae/vaeConfig.ts'
import type { ConfigFile } from '../../graph/config/configFile.ts'
import { readJsonTable } from './component.ts'
import { readTraining, tokenizerFolder } from './diffusersFolder.ts'
import type { StoredModel } from '../liveModel.ts'
import { modelFacts, type Architecture } from '../modelFacts.ts'
import { readOnnxFile } from '../files/onnxFile.ts'
import { onnxNetworks, type OnnxFiles } from '../networks/onnxNetworks.ts'
import { previewVaeIn, readStudioFile } from './studioFile.ts'

/** A folder of ONNX models, as optimum, Olive and the older conversion script of diffusers export them. */

export const isOnnxFolder = (folder: string): boolean => existsSync(join(folder, 'unet', 'model.onnx'))

/**
 * Reads configuration, and looks whether the files are whole. Throws `missing-part`, `bad-checkpoint` and
 * `unsupported-model`.
 */
export async function readOnnxFolder(folder: string): Promise<StoredModel> {
  const index = (await readJsonTable(join(folder, 'model_index.json'))) ?? {}
  const encoders = ['text_encoder', 'text_encoder_2'].filter((name) => onnxFile(folder, name))
  const config = async (part: string): Promise<ConfigFile | null> =>
    readJsonTable(join(folder, part, 'config.json'))
  const unetFile = (await config('unet')) ?? publishedStableDiffusion1.unet
  const architecture: Architecture = {
    textEncoders: await Promise.all(
      encoders.map(async (name) =>
        clipTextConfig((await config(name)) ?? publishedStableDiffusion1.textEncoder),
      ),
    ),
    unet: unetConfig(unetFile),
    vae: vaeConfig((await config('vae_decoder')) ?? publishedStableDiffusion1.vae),
  }
  const files: OnnxFiles = {
    unet: requiredFile(folder, 'unet'),
    vaeDecoder: requiredFile(folder, 'vae_decoder'),
    vaeEncoder: onnxFile(folder, 'vae_encoder'),
    textEncoders: encoders.map((name) => requiredFile(folder, name)),
  }
  const { dtype } = readOnnxFile(files.unet)
  const { dtype: decoderDtype } = readOnnxFile(files.vaeDecoder)
  for (const path of [files.vaeEncoder, ...files.textEncoders]) if (path) readOnnxFile(path)
  const studio = await readStudioFile(join(folder, 'studio.json'))
  const facts = modelFacts(architecture, {
    ...(await readTraining(folder)),
    layout: 'onnx',
    dtype,
    evenSizes: true,
    canEncodeImages: files.vaeEncoder !== null,
    sampleSize: typeof unetFile['sample_size'] === 'number' ? unetFile['sample_size'] : null,
    tokenizers: encoders.map((_, encoder) => tokenizerFolder(folder, index, encoder)),
    zerosForEmptyNegative: index['force_zeros_for_empty_prompt'] !== false,
    previewVae: previewVaeIn(folder, studio),
    studio,
  })
  const textBytes = files.textEncoders.reduce((sum, path) => sum + statSync(path).size, 0)
  return {
    facts,
    parts: null,
    networks: (target) => onnxNetworks(files, architecture, { dtype, decoderDtype, textBytes }, target),
  }
}

function onnxFile(folder: string, part: string): string | null {
  const path = join(folder, part, 'model.onnx')
  return existsSync(path) ? path : null
}

function requiredFile(folder: string, part: string): string {
  const path = onnxFile(folder, part)
  if (path) return path
  throw new StudioError('missing-part', `The model has no ${part}/model.onnx in ${folder}.`)
}

/** Legacy exports carry no config.json; they were made of Stable Diffusion 1. */
const publishedStableDiffusion1 = {
  unet: {
    block_out_channels: [320, 640, 1280, 1280],
    down_block_types: ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
    up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
    cross_attention_dim: 768,
    sample_size: 64,
  },
  vae: { block_out_channels: [128, 256, 512, 512], layers_per_block: 2 },
  textEncoder: {
    hidden_size: 768,
    intermediate_size: 3072,
    num_attention_heads: 12,
    num_hidden_layers: 12,
  },
} satisfies Record<string, ConfigFile>
