import type { ResolvedRequest } from '../../shared/request.ts'
import type { Dialect } from '../graph/value.ts'
import { unet } from '../graph/unet.ts'
import { graphOver, isHalved, type Parts } from '../model/builtNetworks.ts'
import { heavyText } from '../model/liveModel.ts'
import type { ModelFacts } from '../model/model.ts'
import type { RealDevice } from '../model/session.ts'
import { readVae } from '../model/vaeFile.ts'
import { elementsBelow } from '../model/weights.ts'
import { peakActivations } from '../graph/activations.ts'
import type { RunCosts } from './memoryPlan.ts'
import { vaeCosts } from './vaeCosts.ts'

/** Rows of context that most prompts take. */
const contextTokens = 77

/** What a request asks for that decides how much memory it takes. */
export type SizedRequest = Pick<ResolvedRequest, 'width' | 'height' | 'initImage'>

/** What the networks of a model take for a request on a device, from headers and configuration alone. */
export async function runCosts(
  { facts, parts }: { facts: ModelFacts; parts: Parts },
  request: SizedRequest,
  { device, dialect }: { device: RealDevice; dialect: Dialect },
): Promise<RunCosts> {
  const size = { height: request.height / facts.latentScale, width: request.width / facts.latentScale }
  const text = parts.textEncoders.reduce((sum, { tensors }) => sum + 4 * tensors.elements, 0)
  const tables = parts.textEncoders.reduce((sum, { config }) => sum + 4 * config.vocabSize * config.width, 0)
  const { config, tensors } = parts.unet
  const perNumber = dialect.precision === 'float16' && !config.upcastAttention ? 2 : 4
  const graph = graphOver(tensors, dialect)
  unet(graph, config, { ...size, contextTokens })
  const { vae } = parts
  const none = { weights: 0, activations: 0 }
  const decoder = vae ? vaeCosts(vae, 'decoder', size, device) : none
  return {
    // Rows of the table of tokens are picked where it lies.
    text: text - tables,
    textStays: text <= heavyText,
    unet: {
      weights: perNumber * tensors.elements,
      activations: perNumber * peakActivations(graph.operations()),
    },
    unetParts: unetParts(parts.unet, device).map((elements) => perNumber * elements),
    decoder,
    encoder: request.initImage && vae ? vaeCosts(vae, 'encoder', size, device) : null,
    // A picture as 8-bit colours, and as the planes that are encoded, decoded and compared.
    others: 3 * request.width * request.height * (1 + 2 * 4),
    preview:
      facts.previewVae !== null
        ? await previewActivations(facts.previewVae, size, device)
        : vae
          ? 4 * elementsBelow(vae.tensors, 'decoder')
          : 0,
  }
}

/** The numbers of what is opened at once: the way up before the way down where that is heavy. */
function unetParts(part: Parts['unet'], device: RealDevice): number[] {
  const { elements } = part.tensors
  if (!isHalved(part, device)) return [elements]
  const upper = elementsBelow(part.tensors, 'up_blocks')
  return [upper, elements - upper]
}

async function previewActivations(
  previewVae: string,
  size: { height: number; width: number },
  device: RealDevice,
): Promise<number> {
  try {
    return vaeCosts(await readVae(previewVae, 1), 'decoder', size, device).activations
  } catch {
    // One that cannot be used is told of when previews are drawn.
    return 0
  }
}
