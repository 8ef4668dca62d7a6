import { comfyTrajectories } from './bComfy.ts'
import { kDiffusionTrajectories } from './bKDiffusion.ts'
import { imageFiles } from './images.ts'
import type { GoldenKind } from './kind.ts'
import { promptChunking, promptSyntax } from './prompt.ts'
import { tokenizers } from './tokenizer.ts'

/** Every kind of golden file that can be run, in the order in which they are asked. */
export const kinds: readonly GoldenKind[] = [
  kDiffusionTrajectories,
  comfyTrajectories,
  tokenizers,
  promptSyntax,
  promptChunking,
  imageFiles,
]
