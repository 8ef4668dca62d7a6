import type { ErrorRecord } from '../errors.ts'
import type { FewStepSampling } from '../models/fewStep.ts'
import type { FileKind } from '../models/ownedFile.ts'

/** What is known of a person's files without running them: what headers say, and hashes. */

/** What a file or folder is, from its headers alone. */
export interface ModelExamination {
  path: string
  /** checkpoint, lora, embedding, vae, tiny-vae, controlnet, upscaler, text-encoder, unet, pickle or unknown. */
  kind: string
  /** Of the model, or of the models it goes with; null where the names do not tell. */
  family: string | null
  layout: 'single-file' | 'diffusers' | 'onnx' | null
  /** The type most numbers are stored in. */
  dtype: string | null
  predictionType: 'epsilon' | 'v_prediction' | 'sample' | 'flow' | null
  /** Networks that are there, and those that a model of the family needs besides. */
  parts: string[]
  missing: string[]
  /** What is wrong with it; empty when it can be opened and all of it works. */
  problems: ErrorRecord[]
  /** Tensors that no network uses. */
  unused: string[]
  hashes: ModelHashes | null
  /** For a LoRA that makes models paint in a few steps: how to run it. */
  fewStep: FewStepSampling | null
}

/** What a file is, from its header alone. */
export interface FileExamination {
  kind: FileKind
  family: string | null
  dtype: string | null
  /** null: the header could not be read, and `problem` says why. */
  texts: HeaderTexts | null
  problem: ErrorRecord | null
}

/** What the author of a file says of it in its header. */
export interface HeaderTexts {
  title: string | null
  /** What sd-scripts called the file it wrote (`ss_output_name`): AUTOMATIC1111 finds LoRAs by it. */
  alias: string | null
  description: string | null
  author: string | null
  license: string | null
  usageHint: string | null
  baseModel: string | null
  resolution: string | null
  triggerWords: string[]
  /** The commonest captions of the pictures it was trained on. */
  tags: string[]
  hasThumbnail: boolean
}

export interface ModelHashes {
  /** Of the whole file. */
  sha256: string
  /** Its first ten digits, as AUTOMATIC1111 shows it. */
  autoV2: string
  /** AUTOMATIC1111's first: eight digits of the sha256 of 64 KiB at 1 MiB. */
  legacy: string
  /** Of everything after the header, so that edited metadata does not change it (AutoV3). */
  headerless: string
}
