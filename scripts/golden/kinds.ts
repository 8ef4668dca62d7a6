import { kDiffusionTrajectories } from './bKDiffusion.ts'
import type { GoldenKind } from './kind.ts'

/** Every kind of golden file that can be run, in the order in which they are asked. */
export const kinds: readonly GoldenKind[] = [kDiffusionTrajectories]
