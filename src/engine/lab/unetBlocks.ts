import type { EngineTask } from '../../shared/engine/engineContract.ts'
import type { UnetBlock } from '../graph/unet/look.ts'
import { unet } from '../graph/unet/unet.ts'
import type { Part, Parts } from '../model/networks/builtNetworks.ts'
import type { UnetConfig } from '../graph/unet/unetConfig.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import { cpuDialect } from '../model/networks/networks.ts'
import { readModel } from '../model/openModel.ts'
import { cannotLook } from './lookedModel.ts'

/** Nothing is put out and nothing turned: the blocks alone are told. */
export const blocksAlone = { attentionPixels: 0, block: null, dials: false } as const

/** The U-Net of a task's model (a branch's last), and its blocks at the task's size. Throws `unsupported-model` where there is none. */
export async function unetOf({
  modelPath,
  request: { width, height },
}: Pick<EngineTask, 'modelPath' | 'request'>): Promise<{
  part: Parts['unet']
  blocks: readonly UnetBlock[]
}> {
  const { facts, parts } = await readModel(modelPath)
  if (!parts) throw cannotLook(facts)
  const scale = facts.latentScale
  return { part: parts.unet, blocks: blocksOf(parts.unet, width / scale, height / scale) }
}

function blocksOf(
  { config, tensors }: Part<UnetConfig>,
  width: number,
  height: number,
): readonly UnetBlock[] {
  const size = { height, width, contextTokens: 77, look: blocksAlone }
  return unet(graphOver(tensors, cpuDialect), config, size)
}
