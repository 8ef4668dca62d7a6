import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineTask } from '../../shared/engine/engineContract.ts'
import type { EngineUnetDrawing } from '../../shared/engine/engineLooks.ts'
import type { UnetBlock } from '../graph/unet/look.ts'
import type { Parts } from '../model/networks/builtNetworks.ts'
import type { Model } from '../model/model.ts'
import { isHeavy } from '../model/networks/unetNetworks.ts'
import { elementsBelow } from '../model/files/weights.ts'
import { cannotLook } from './lookedModel.ts'
import { readProfile, timeOfBlocks } from './profile.ts'
import { blocksAlone } from './unetBlocks.ts'

/** A U-Net as it runs: its blocks, what they were trained with, and what they take. */

/** Rows of context that most prompts take. */
const contextTokens = 77

/** Evaluations that are measured, after one that is not. */
const measuredRuns = 2

/** What a graphics card takes for a block its profile does not say: there nothing is measured. */
export async function unetDrawing(
  model: Model,
  { part, blocks }: { part: Parts['unet']; blocks: readonly UnetBlock[] },
  { request: { width, height } }: EngineTask,
  stopIfCancelled: () => void,
): Promise<EngineUnetDrawing> {
  const size = { height: height / model.latentScale, width: width / model.latentScale, contextTokens }
  const times = model.device === 'cpu' ? await measured(model, part, blocks, { size, stopIfCancelled }) : null
  return {
    blocks: blocks.map((block, index) => ({
      ...block,
      parameters: scopesOf(block.name).reduce((sum, scope) => sum + elementsBelow(part.tensors, scope), 0),
      ms: times?.[index] ?? null,
    })),
    parameters: part.tensors.elements,
    ms: times && times.reduce((sum, ms) => sum + ms, 0),
    fromFile: isHeavy(part, model.device),
    family: model.family.name,
  }
}

/** The scopes that belong to a block. */
function scopesOf(name: string): string[] {
  if (name.includes('.resnets.')) return [name, name.replace('.resnets.', '.attentions.')]
  return name === 'conv_out' ? ['conv_norm_out', name] : [name]
}

/** Ms of every block in one evaluation, by ONNX Runtime's profile of a session opened for it. */
async function measured(
  model: Model,
  { config }: Parts['unet'],
  blocks: readonly UnetBlock[],
  {
    size,
    stopIfCancelled,
  }: { size: { height: number; width: number; contextTokens: number }; stopIfCancelled: () => void },
): Promise<number[]> {
  const { openLookedUnet } = model
  if (!openLookedUnet) throw cannotLook(model)
  const folder = await mkdtemp(join(tmpdir(), 'latent-studio-profile-'))
  try {
    const unet = await openLookedUnet({ ...size, look: blocksAlone }, join(folder, 'unet'))
    const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i))
    const input = wave(config.inChannels * size.height * size.width)
    const context = config.contextWidth === null ? null : wave(contextTokens * config.contextWidth)
    const added = config.added
      ? { pooled: wave(config.added.width - 6 * config.added.idWidth), timeIds: wave(6) }
      : {}
    for (let run = 0; run <= measuredRuns; run++) {
      stopIfCancelled()
      await unet.run(input, 500, context, added)
    }
    unet.endProfile()
    const [file] = await readdir(folder)
    const profile = readProfile(await readFile(join(folder, file), 'utf8'))
    return timeOfBlocks(
      profile,
      blocks.map(({ name }) => scopesOf(name)),
      measuredRuns,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
