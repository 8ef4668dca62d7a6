import { betas } from './aBetas.ts'
import { diffusersSchedules } from './aDiffusers.ts'
import { a1111Schedules, comfySchedules } from './aSchedules.ts'
import { toyNetworks } from './bBank.ts'
import { comfyTrajectories } from './bComfy.ts'
import { ditFiles } from './ditFiles.ts'
import { ditKeyLists } from './ditKeys.ts'
import { ditNetworks } from './ditNetworks.ts'
import { ditRuns } from './ditRuns.ts'
import { diffusersTrajectories } from './bDiffusers.ts'
import { kDiffusionTrajectories } from './bKDiffusion.ts'
import { brownianTrees, imageNoises } from './eImageNoise.ts'
import { randomNumbers } from './eRandom.ts'
import { flowSchedules } from './flowSchedules.ts'
import { imageFiles } from './images.ts'
import { keyLists } from './keys.ts'
import type { GoldenKind } from './kind.ts'
import { adapters } from './lora.ts'
import { networks } from './networks.ts'
import { onnxFolders } from './onnxFolders.ts'
import { pipelineRuns } from './pipelines.ts'
import { promptChunking, promptSyntax } from './prompt.ts'
import { tokenizers } from './tokenizer.ts'

/** Every kind of golden file that can be run, in the order in which they are asked. */
export const kinds: readonly GoldenKind[] = [
  betas,
  diffusersSchedules,
  a1111Schedules,
  comfySchedules,
  toyNetworks,
  kDiffusionTrajectories,
  comfyTrajectories,
  diffusersTrajectories,
  randomNumbers,
  imageNoises,
  brownianTrees,
  tokenizers,
  promptSyntax,
  promptChunking,
  networks,
  imageFiles,
  onnxFolders,
  flowSchedules,
  ditNetworks,
  ditRuns,
  ditFiles,
  ditKeyLists,
  keyLists,
  pipelineRuns,
  adapters,
]
