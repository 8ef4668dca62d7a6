import type { GenerationRequestInput } from '../request/request.ts'
import type { UsedFile } from '../request/adapters.ts'

/** Programs whose generation data can be read out of a picture. */
export const generationSources = [
  'Latent Studio',
  'AUTOMATIC1111',
  'Forge',
  'Forge Classic',
  'Forge Neo',
  'reForge',
  'SD.Next',
  'StabilityMatrix',
  'ComfyUI',
  'Civitai (ComfyUI)',
  'Civitai (AUTOMATIC1111 format)',
  'Tensor.Art (ComfyUI)',
  'InvokeAI',
  'SwarmUI',
  'Fooocus',
  'FooocusPlus',
  'RuinedFooocus',
  'Hugging Face Space',
  'imaginAIry',
  'Draw Things',
  'Easy Diffusion',
  'Midjourney',
  'NovelAI',
  'stable-diffusion.cpp',
  'JSON of an unknown program',
] as const
export type GenerationSource = (typeof generationSources)[number]

/** How a picture was made, as far as its file tells. */
export interface Generation {
  source: GenerationSource
  /** What could be mapped. Every value is within the limits of a request. */
  request: GenerationRequestInput
  /** The model by the name and hash its own program gave it. */
  model: { name: string; hash: string | null } | null
  /**
   * What could not be mapped, under the key of its own program, and why; with the field it was meant for where only its
   * value does not fit, and the file it needs where that is all that may be missing.
   */
  unmapped: {
    key: string
    value: string
    reason: string
    field?: keyof GenerationRequestInput
    file?: Pick<UsedFile, 'kind' | 'name'>
  }[]
  /** The data as it stands in the file. */
  text: string
}

/** What a file tells of how it was made; null when it tells nothing. */
export interface Inspection {
  generation: Generation | null
}
