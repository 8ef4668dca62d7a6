import { pngWithText } from '../../../src/studio/metadata/pngText.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { emptyPng } from './files.ts'

/** ComfyUI graphs in API form: a plain one, and what is read of it with some of its nodes replaced or added. */
export type Nodes = Record<string, { class_type: string; inputs: Record<string, unknown> }>
export const node = (class_type: string, inputs: Record<string, unknown> = {}) => ({ class_type, inputs })

export const sampler = {
  ...{ seed: 1, steps: 12, cfg: 6, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
  ...{ model: ['model', 0], positive: ['yes', 0], negative: ['no', 0], latent_image: ['empty', 0] },
}
const basic: Nodes = {
  model: node('CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }),
  empty: node('EmptyLatentImage', { width: 512, height: 640, batch_size: 1 }),
  yes: node('CLIPTextEncode', { text: 'cat', clip: ['model', 1] }),
  no: node('CLIPTextEncode', { text: 'dog', clip: ['model', 1] }),
  run: node('KSampler', sampler),
  decode: node('VAEDecode', { samples: ['run', 0], vae: ['model', 2] }),
  save: node('SaveImage', { images: ['decode', 0], filename_prefix: 'x' }),
}
/** Nodes that take the place of all those of the plain graph and do nothing. */
export const nothingElse: Nodes = Object.fromEntries(Object.keys(basic).map((key) => [key, node('Note')]))

export function read(nodes: Nodes) {
  const text = JSON.stringify({ ...basic, ...nodes })
  const { request, model, unmapped } = readGeneration(pngWithText(emptyPng, [{ keyword: 'prompt', text }]))!
  return { request, model, lines: unmapped.map(({ key, value, reason }) => `${key}: ${value} (${reason})`) }
}

/** The plain graph's sampler with other inputs. */
export const run = (inputs: Record<string, unknown>): Nodes => ({
  run: node('KSampler', { ...sampler, ...inputs }),
})
