import type { SizedTask } from '../../shared/engine/engineContract.ts'
import { hiresSize, isLatentUpscaler } from '../../shared/models/upscalers.ts'
import { unetWearable } from '../adapters/wearable.ts'
import type { NetworkAdapter } from '../graph/adapters/adaptation.ts'
import { clipText } from '../graph/clip/clipText.ts'
import { foldedNumbers } from '../graph/writing/folding.ts'
import type { UnetLook } from '../graph/unet/look.ts'
import type { ControlForm } from '../graph/unet/unet.ts'
import { textBytes, textDialect, type Parts } from '../model/networks/builtNetworks.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import { readControlFile } from '../model/sources/controlFile.ts'
import { heavyText } from '../model/liveModel.ts'
import type { ModelFacts } from '../model/model.ts'
import type { Target } from '../model/networks/networks.ts'
import { isHeavy } from '../model/networks/unetNetworks.ts'
import { readSwappedVae } from '../model/networks/swappedVae.ts'
import { readVae } from '../model/sources/vaeFile.ts'
import { isFasterTogether } from '../model/runtime/togetherTest.ts'
import { elementsBelow } from '../model/files/weights.ts'
import { wornAdapters } from './adapterLayers.ts'
import { controlCosts, controlForm } from './controlCosts.ts'
import type { NetworkCosts, PassCosts, RunCosts } from './memoryPlan.ts'
import { unetCosts } from './unetCosts.ts'
import { upscalerCosts } from './upscalerCosts.ts'
import { vaeCosts } from './vaeCosts.ts'

/** Rows of context that most prompts take. */
const contextTokens = 77

export interface Size {
  width: number
  height: number
}

/** What the networks of a model take for a task on a device, from headers and configuration alone. */
export async function runCosts(
  model: { facts: ModelFacts; parts: Parts },
  task: SizedTask,
  target: Target,
  look?: UnetLook,
): Promise<RunCosts> {
  const { facts, parts } = model
  const worn = await wornAdapters(task.adapters, unetWearable(parts), facts.info.family)
  const text = parts.textEncoders.map((part, index) => textWeights(part, worn.text[index]))
  const files = task.controls.filter(({ weight }) => weight !== 0)
  const controls = await Promise.all(files.map(({ path }) => readControlFile(path)))
  const vae = task.vaePath === null ? parts.vae : await readSwappedVae(task.vaePath, facts)
  const canBeTogether = target.device !== 'cpu' || !(task.request.turbo || isHeavy(parts.unet, 'cpu'))
  const together = (latents: Size): boolean =>
    !look && canBeTogether && wantsTogether(task.request, target, latents)
  const run = {
    model: { facts, parts: { ...parts, vae } },
    target,
    unetAdapters: worn.unet,
    controls,
    look,
    together,
  }
  const stored = parts.textEncoders.reduce((sum, part) => sum + textBytes(part), 0)
  const passes: PassCosts[] = []
  for (const pass of passesOf(task, facts.info.sizeMultiple)) passes.push(await passCosts(run, pass))
  const textBytesInAll = text.reduce((sum, bytes) => sum + bytes, 0)
  return { text: textBytesInAll, textStays: stored <= heavyText, textAtWork: 0, passes }
}

/**
 * Whether guidance is to be one run of two evaluations: as it is recorded, else on the CPU, and where the card is faster so.
 */
const wantsTogether = (
  { guidanceScale, guidanceTogether }: SizedTask['request'],
  { device, together = [] }: Target,
  latents: Size,
): boolean =>
  guidanceScale !== 1 && (guidanceTogether ?? (device === 'cpu' || isFasterTogether(together, latents)))

/** Text encoders compute in float32 everywhere. */
function textWeights(part: Parts['textEncoders'][number], adapters: readonly NetworkAdapter[]): number {
  const graph = graphOver(part.tensors, textDialect(part), adapters)
  clipText(graph, part.config, { skip: 1, normalised: part.normalised, pooled: part.pooled })
  return 4 * foldedNumbers(graph.written)
}

/** One way from noise to a picture, and what becomes of that. */
interface Pass {
  size: Size
  /** The size of what is encoded; null: nothing is. */
  encoded: Size | null
  /** By what the picture is enlarged, and to which size. */
  upscaler: { name: string; path: string | null; to: Size } | null
}

export function passesOf({ request, hiresUpscaler, upscaler }: SizedTask, unit: number): Pass[] {
  const { hires, upscale, initImage, width, height } = request
  const size = { width, height }
  const encoded = initImage ? size : null
  const enlarged = ({ width, height }: Size): Pass['upscaler'] =>
    upscale && {
      ...{ name: upscale.upscaler, path: upscaler },
      to: { width: width * upscale.scale, height: height * upscale.scale },
    }
  if (!hires) return [{ size, encoded, upscaler: enlarged(size) }]
  const { stretched, result } = hiresSize(request, hires, unit)
  const inLatents = isLatentUpscaler(hires.upscaler)
  const between = inLatents ? null : { name: hires.upscaler, path: hiresUpscaler, to: stretched }
  return [
    { size, encoded: inLatents ? encoded : stretched, upscaler: between },
    { size: result, encoded: null, upscaler: enlarged(result) },
  ]
}

interface CountedRun {
  model: { facts: ModelFacts; parts: Parts }
  target: Target
  unetAdapters: readonly NetworkAdapter[]
  controls: readonly Awaited<ReturnType<typeof readControlFile>>[]
  /** What is seen of the U-Net. */
  look: UnetLook | undefined
  /** Whether two evaluations are to be made in one run, of a size in latents. */
  together: (size: Size) => boolean
}

async function passCosts(
  { model: { facts, parts }, target, unetAdapters, controls, look, together }: CountedRun,
  { size, encoded, upscaler }: Pass,
): Promise<PassCosts> {
  const { device } = target
  const inLatents = ({ height, width }: Size): Size => ({
    height: height / facts.latentScale,
    width: width / facts.latentScale,
  })
  const latents = inLatents(size)
  const control: ControlForm | undefined = controlForm(controls)
  const drawn = { ...latents, contextTokens, control }
  const unetSize = { ...drawn, ...(look && { look }) }
  const { vae } = parts
  const none: NetworkCosts = { weights: 0, activations: 0 }
  return {
    unet: {
      ...unetCosts(parts.unet, unetSize, target, unetAdapters),
      together: together(latents)
        ? unetCosts(parts.unet, { ...drawn, batch: 2 }, target, unetAdapters)
        : null,
    },
    beside: look && !isHeavy(parts.unet, device) ? unetCosts(parts.unet, drawn, target, unetAdapters) : null,
    controls: controls.map((file) => controlCosts(file, unetSize, facts.latentScale, target)),
    decoder: vae ? vaeCosts(vae, 'decoder', latents, device) : none,
    encoder: encoded && vae ? vaeCosts(vae, 'encoder', inLatents(encoded), device) : null,
    upscaler: upscaler && (await upscalerCosts(upscaler, size)),
    // A picture as 8-bit colours, and as the planes that are encoded, decoded and compared; control pictures as planes.
    pictures: 3 * size.width * size.height * (1 + 2 * 4 + 4 * controls.length),
    preview: await previewCosts(facts, parts, latents, device),
  }
}

export async function previewCosts(
  { previewVae }: ModelFacts,
  { vae }: Pick<Parts, 'vae'>,
  latents: Size,
  device: Target['device'],
): Promise<number> {
  if (previewVae === null) return vae ? 4 * elementsBelow(vae.tensors, 'decoder') : 0
  try {
    const { weights, activations } = vaeCosts(
      await readVae(previewVae, { scalingFactor: 1 }),
      'decoder',
      latents,
      device,
    )
    return weights + activations
  } catch {
    // One that cannot be used is told of when previews are drawn.
    return 0
  }
}
