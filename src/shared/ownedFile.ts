import { z } from 'zod'
import type { ErrorRecord } from './errors.ts'
import { modelDefaultsSchema, sizeSchema, type ModelDefaults } from './request.ts'

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

/** Notes are for a person's own words. */
export const longestNotes = 20_000
