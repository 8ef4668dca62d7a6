import type { FileKind, FolderTool } from '../../../shared/models/ownedFile.ts'

/**
 * What the folders of other programs are for, by their names in small letters without `-`, `_` and spaces. From
 * AUTOMATIC1111 and Forge (`models/`, `embeddings`), ComfyUI's folder_paths.py, InvokeAI's `models/BASE/TYPE`, SwarmUI's
 * `Models` and StabilityMatrix' SharedFolderType.
 */
const kindsOfNames: Readonly<Record<string, FileKind>> = {
  stablediffusion: 'checkpoint',
  checkpoints: 'checkpoint',
  checkpoint: 'checkpoint',
  main: 'checkpoint',
  lora: 'lora',
  loras: 'lora',
  lycoris: 'lora',
  embeddings: 'embedding',
  embedding: 'embedding',
  textualinversion: 'embedding',
  vae: 'vae',
  vaeapprox: 'tiny-vae',
  approxvae: 'tiny-vae',
  controlnet: 'controlnet',
  t2iadapter: 't2i-adapter',
  upscalemodels: 'upscaler',
  upscaler: 'upscaler',
  upscalers: 'upscaler',
  spandrelimagetoimage: 'upscaler',
  esrgan: 'upscaler',
  realesrgan: 'upscaler',
  bsrgan: 'upscaler',
  swinir: 'upscaler',
  dat: 'upscaler',
  clip: 'text-encoder',
  textencoder: 'text-encoder',
  textencoders: 'text-encoder',
  unet: 'unet',
  diffusionmodels: 'unet',
}

/** What a folder is for by its name; null where that says nothing. */
export const kindOfFolder = (name: string): FileKind | null =>
  kindsOfNames[name.toLowerCase().replaceAll(/[-_ ]/g, '')] ?? null

/** What the folders a file lies in are for; the nearest one that says something counts. */
export function expectedKind(folders: readonly string[]): FileKind | null {
  return folders.map(kindOfFolder).findLast((kind) => kind !== null) ?? null
}

/** Where each program looks for files of a kind, below its own folder. */
const homes: Partial<Record<FolderTool, Partial<Record<FileKind, string>>>> = {
  AUTOMATIC1111: {
    checkpoint: 'models/Stable-diffusion',
    lora: 'models/Lora',
    embedding: 'embeddings',
    vae: 'models/VAE',
    'tiny-vae': 'models/VAE-approx',
    controlnet: 'models/ControlNet',
    't2i-adapter': 'models/ControlNet',
    upscaler: 'models/ESRGAN',
  },
  ComfyUI: {
    checkpoint: 'models/checkpoints',
    lora: 'models/loras',
    embedding: 'models/embeddings',
    vae: 'models/vae',
    'tiny-vae': 'models/vae_approx',
    controlnet: 'models/controlnet',
    't2i-adapter': 'models/controlnet',
    upscaler: 'models/upscale_models',
    'text-encoder': 'models/text_encoders',
    unet: 'models/diffusion_models',
  },
  SwarmUI: {
    checkpoint: 'Models/Stable-Diffusion',
    lora: 'Models/Lora',
    embedding: 'Models/Embeddings',
    vae: 'Models/VAE',
    controlnet: 'Models/controlnet',
    't2i-adapter': 'Models/controlnet',
    upscaler: 'Models/upscale_models',
    'text-encoder': 'Models/clip',
    unet: 'Models/diffusion_models',
  },
  StabilityMatrix: {
    checkpoint: 'Models/StableDiffusion',
    lora: 'Models/Lora',
    embedding: 'Models/Embeddings',
    vae: 'Models/VAE',
    'tiny-vae': 'Models/ApproxVAE',
    controlnet: 'Models/ControlNet',
    't2i-adapter': 'Models/T2IAdapter',
    upscaler: 'Models/ESRGAN',
    'text-encoder': 'Models/TextEncoders',
    unet: 'Models/DiffusionModels',
  },
}

/** The folder a program looks in for files of a kind, below its own; null where that is not known. */
export const homeOf = (tool: FolderTool | null, kind: FileKind): string | null =>
  (tool && homes[tool === 'Forge' ? 'AUTOMATIC1111' : tool]?.[kind]) ?? null

/** Kinds that are used side by side, or are looked for in each other's folders. */
const together: readonly (readonly FileKind[])[] = [
  ['controlnet', 't2i-adapter'],
  ['vae', 'tiny-vae'],
  ['checkpoint', 'unet'],
]

/** Whether a file of one kind in a folder for another one is where its program does not find it. */
export const isMisplaced = (kind: FileKind, expected: FileKind | null): boolean =>
  expected !== null &&
  kind !== 'unknown' &&
  kind !== expected &&
  !together.some((kinds) => kinds.includes(kind) && kinds.includes(expected))
