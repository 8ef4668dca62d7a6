import type { SizedTask } from '../../shared/engine/engineContract.ts'
import type { Wearable } from '../adapters/wearable.ts'
import { peakActivations } from '../graph/writing/activations.ts'
import type { NetworkAdapter } from '../graph/adapters/adaptation.ts'
import { foldedNumbers, operationsOf } from '../graph/writing/folding.ts'
import type { Graph } from '../graph/writing/graph.ts'
import { qwen3 } from '../graph/qwen3/qwen3.ts'
import type { Dialect } from '../graph/writing/value.ts'
import { textDialect, type DitParts } from '../model/dit/ditNetworks.ts'
import { dialectFor, givesBack } from '../model/dit/transformer.ts'
import type { Tensors } from '../model/files/weights.ts'
import { heavyText } from '../model/liveModel.ts'
import type { ModelFacts } from '../model/model.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import type { Target } from '../model/networks/networks.ts'
import { readSwappedVae } from '../model/networks/swappedVae.ts'
import { wornAdapters } from './adapterLayers.ts'
import type { NetworkCosts, PassCosts, PictureCosts, RunCosts } from './memoryPlan.ts'
import { passesOf, previewCosts, type Size } from './runCosts.ts'
import { upscalerCosts } from './upscalerCosts.ts'
import { vaeCosts } from './vaeCosts.ts'

/** Tokens that most prompts take, template and filling included, where a model does not always read the same number. */
const usualTokens = 96

/** A reference is made smaller until it has no more pixels. */
const referenceSide = 1024

interface CountedModel {
  facts: ModelFacts
  parts: DitParts
}

type Adapters = readonly NetworkAdapter[]

/** What the networks of a model that is drawn by a transformer take for a task, from headers and configuration alone. */
export async function ditCosts(
  { facts, parts, wearable }: CountedModel & { wearable: Wearable },
  task: SizedTask,
  target: Target,
): Promise<RunCosts> {
  const worn = await wornAdapters(task.adapters, wearable, facts.info.family)
  const vae = task.vaePath === null ? parts.vae : await readSwappedVae(task.vaePath, facts)
  const model = { facts, parts: { ...parts, vae } }
  const text = textCosts(model, worn.text[0])
  const drawing = { ...target, turbo: task.request.turbo === true && target.device === 'cpu' }
  const passes: PassCosts[] = []
  for (const pass of passesOf(task, facts.info.sizeMultiple)) {
    const { size, encoded, upscaler } = pass
    const pictures = size.width * size.height + referencesOf(task) * referenceSide ** 2
    passes.push({
      unet: transformerCosts(model, referencesOf(task), size, { target: drawing, adapters: worn.unet }),
      ...{ beside: null, controls: [] },
      decoder: vaeCosts(vae, 'decoder', vaeLatents(vae, size), target.device),
      encoder: encoderCosts(vae, encoded, referencesOf(task) > 0, target),
      upscaler: upscaler && (await upscalerCosts(upscaler, size)),
      // As 8-bit colours, and as the planes that are encoded, decoded and compared.
      pictures: 3 * pictures * (1 + 2 * 4),
      preview: await previewCosts(facts, model.parts, vaeLatents(vae, size), target.device),
    })
  }
  return {
    text: text.weights,
    textStays: text.weights <= heavyText,
    textAtWork: text.activations,
    passes,
  }
}

const referencesOf = ({ request }: SizedTask): number => request.references.length

function textCosts({ facts, parts }: CountedModel, adapters: Adapters): NetworkCosts {
  const { config, tensors } = parts.textEncoder
  const chat = facts.family.chat!
  const form = { count: textTokens(facts), states: chat.states(config.layers) }
  return networkCosts({ tensors, dialect: textDialect(tensors), adapters }, (graph) =>
    qwen3(graph, config, form),
  )
}

const textTokens = ({ family: { chat } }: ModelFacts): number =>
  chat!.fillsUp ? chat!.maxTokens : usualTokens

function transformerCosts(
  { facts, parts: { transformer } }: CountedModel,
  count: number,
  { width, height }: Size,
  { target, adapters }: { target: Target; adapters: Adapters },
): PassCosts['unet'] {
  const { latentScale } = facts
  const inLatents = (pixels: number): number => pixels / latentScale
  const [side, text] = [inLatents(referenceSide), textTokens(facts)]
  const references = Array<{ height: number; width: number }>(count).fill({
    height: side,
    width: side,
  })
  const size = { height: inLatents(height), width: inLatents(width), text, references }
  const { tensors } = transformer
  const form = { tensors, dialect: dialectFor(tensors, target), adapters }
  const costs = networkCosts(form, (graph) => transformer.write(graph, size))
  return { ...costs, parts: [costs.weights], fromFile: null }
}

/** In single precision. Weights that stay in their file are among what a run takes, layer by layer. */
function networkCosts(
  { tensors, dialect, adapters }: { tensors: Tensors; dialect: Dialect; adapters: Adapters },
  write: (graph: Graph) => void,
): NetworkCosts {
  const graph = graphOver(tensors, dialect, adapters)
  write(graph)
  return {
    weights: 4 * foldedNumbers(graph.written),
    activations: 4 * peakActivations(operationsOf(graph.written)),
    givesBack: givesBack(dialect),
  }
}

function encoderCosts(
  vae: DitParts['vae'],
  encoded: Size | null,
  looksAtOthers: boolean,
  { device }: Target,
): PictureCosts | null {
  const largest = looksAtOthers ? { width: referenceSide, height: referenceSide } : encoded
  if (!largest) return null
  const costs = (size: Size): PictureCosts => vaeCosts(vae, 'encoder', vaeLatents(vae, size), device)
  const [one, other] = [costs(largest), costs(encoded ?? largest)]
  return one.activations > other.activations ? one : other
}

/** The autoencoder's own latents: a transformer may work on patches of them. */
function vaeLatents({ config }: DitParts['vae'], { width, height }: Size): Size {
  const levels = config.kind === 'tiny' ? config.decoderBlocks : config.channels
  const scale = 2 ** (levels.length - 1)
  return { width: width / scale, height: height / scale }
}
