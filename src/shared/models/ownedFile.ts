import { z } from 'zod'
import type { ErrorRecord } from '../errors.ts'
import { modelDefaultsSchema, type ModelDefaults } from '../request/modelDefaults.ts'
import { sizeSchema } from '../request/fields.ts'

/** What lies in the model folders that people have: files of every kind, from whichever program's folders. */

export const fileKinds = [
  'checkpoint',
  'lora',
  'embedding',
  'vae',
  'tiny-vae',
  'controlnet',
  't2i-adapter',
  'upscaler',
  'text-encoder',
  'unet',
  'unknown',
] as const
export type FileKind = (typeof fileKinds)[number]

/** How people call them, with an article, for sentences. */
export const kindNames: Readonly<Record<FileKind, string>> = {
  checkpoint: 'a checkpoint',
  lora: 'a LoRA',
  embedding: 'an embedding (textual inversion)',
  vae: 'a VAE',
  'tiny-vae': 'a TAESD (tiny VAE)',
  controlnet: 'a ControlNet',
  't2i-adapter': 'a T2I-Adapter',
  upscaler: 'an upscaler',
  'text-encoder': 'a text encoder',
  unet: 'a U-Net alone',
  unknown: 'of a kind that is not known here',
}

/** Whose layout a model folder has; null for a folder that is nobody's. */
export type FolderTool =
  'AUTOMATIC1111' | 'Forge' | 'ComfyUI' | 'InvokeAI' | 'SwarmUI' | 'StabilityMatrix' | 'Hugging Face'

/** One file, or one folder in the layout of diffusers. */
export interface OwnedFile {
  /** Follows its name and its place below the model folder; of a checkpoint it is the id of the model. */
  id: string
  /** By its header. Of a file that is not opened (a pickle) what its folder is for. */
  kind: FileKind
  /** The file's name without its ending; the folder's where the file's says nothing. Compared without case. */
  name: string
  /** What its author calls it. */
  title: string | null
  /** The name it was made under, where its header tells; null: unknown. */
  alias: string | null
  path: string
  /** The model folder it was found in, and its path below that, with forward slashes. */
  folder: string
  below: string
  tool: FolderTool | null
  builtIn: boolean
  /** Of the model itself, or of the models it goes with: `sd1`, `sd2`, `sdxl`…; null where nothing tells. */
  family: string | null
  /** The model it was made from, in its author's words: "Pony", "Illustrious". */
  baseModel: string | null
  /** Bytes, and ms since 1970; of a folder 0. */
  size: number
  modifiedAt: number
  /** sha256 of the file in hexadecimal; of a folder the ten digits of its model hash. null until it was read. */
  hash: string | null
  /** sha256 of what follows the header, which editing its texts does not change (AutoV3). */
  headerlessHash: string | null
  triggerWords: string[]
  previewUrl: string | null
  /** Why it cannot be used; null: it can, or nobody has looked. */
  problem: ErrorRecord | null
  /** That it lies in a folder for files of another kind, where its program does not find it. */
  misplaced: Misplaced | null
  /** What the person keeps of it. */
  favourite: boolean
  notes: string
  defaults: FileDefaults
}

export interface Misplaced {
  /** What the folder it lies in is for. */
  expected: FileKind
  /** Where its program looks for files of its kind, below its own folder; null where that is not known. */
  home: string | null
}

/** What a person wants a model to start from: over what the model itself says. */
export const fileDefaultsSchema = z.strictObject({
  ...modelDefaultsSchema.shape,
  width: sizeSchema.optional(),
  height: sizeSchema.optional(),
})
export type FileDefaults = ModelDefaults & { width?: number | undefined; height?: number | undefined }

/** What a person says of a file. */
export type FileChange = Partial<Pick<OwnedFile, 'favourite' | 'notes' | 'defaults'>>

/** Notes are for a person's own words. */
const longestNotes = 20_000

export const fileChangeSchema = z
  .object({ favourite: z.boolean(), notes: z.string().max(longestNotes), defaults: fileDefaultsSchema })
  .partial()

/** What is known of a file beside what lists show. */
export interface FileDetails {
  file: OwnedFile
  description: string | null
  author: string | null
  license: string | null
  usageHint: string | null
  /** What it was trained at, in its author's words. */
  resolution: string | null
  tags: string[]
  /** What another program keeps of it: words for the negative prompt, the strength its owner likes, notes. */
  negativeText: string | null
  strength: number | null
  theirNotes: string | null
  /** Names of the files beside it that said something. */
  sources: string[]
  /** The type its numbers are stored in. */
  dtype: string | null
  /** What examining a checkpoint found; null for other files. */
  doctor: { parts: string[]; missing: string[]; findings: ErrorRecord[]; unused: number } | null
}

/** What is being done to know the files: `done` of `of` files. */
export interface FileScan {
  phase: 'looking' | 'examining' | 'hashing' | 'idle'
  done: number
  of: number
}

/** A folder that a person may choose to look for models in. */
export interface FolderLook {
  path: string
  tool: FolderTool | null
  /** Why it will not do, or what of it cannot be read. */
  problem: string | null
}
