import { inputOf, isLink, originOf, type ComfyGraph, type ComfyNode, type Origin } from './graph.ts'
import { notPixels, outputSlots, slotNames } from './nodes.ts'
import { resolveValue, sizeOfNode } from './values.ts'

/** The inputs that may lead to the pixels or latents that a node starts from. */
export function pixelInputs(graph: ComfyGraph, { node, slot }: Origin): unknown[] {
  if (slot === 'latent' || slot === 'image') return [inputOf(graph, node, slot)]
  if (graph.samplers.has(node)) return [inputOf(graph, node, 'latent') ?? inputOf(graph, node, 'image')]
  const names = Object.keys(node.inputs).filter((name) => !notPixels.test(name))
  return names.map((name) => node.inputs[name])
}

export interface Passes {
  /** The sampler that starts from no other, by which the request is decided. */
  first: ComfyNode | undefined
  /** All other samplers of the graph. */
  further: ComfyNode[]
}

/** The samplers of a graph: from what is saved upstream to the one that starts from no other. */
export function findPasses(graph: ComfyGraph): Passes {
  const fromSaved = samplersUpstream(graph, savingNodes(graph))
  const { reached, starting } =
    fromSaved.reached.length > 0 ? fromSaved : samplersUpstream(graph, [...graph.samplers])
  const first =
    starting.find(draws) ?? reached.findLast((node) => draws(node) && hasSettings(node)) ?? starting[0]
  return { first, further: [...graph.samplers].filter((node) => node !== first) }
}

/** A pass that makes noise of a picture (RES4LYF's "unsample") comes before the one that draws. */
const draws = ({ inputs }: ComfyNode): boolean => inputs.sampler_mode !== 'unsample'

const hasSettings = ({ inputs }: ComfyNode): boolean =>
  ['seed', 'steps'].every((slot) => slotNames(slot).some((name) => Object.hasOwn(inputs, name)))

/** The nodes that save a picture; where there are none, those that show one; else all. */
function savingNodes(graph: ComfyGraph): ComfyNode[] {
  const nodes = [...graph.nodes.values()]
  for (const pattern of [/save/i, /preview|output/i]) {
    const found = nodes.filter(
      ({ type, inputs }) => pattern.test(type) && slotNames('image').some((name) => isLink(inputs[name])),
    )
    if (found.length > 0) return found
  }
  return [...graph.samplers]
}

/**
 * The samplers upstream of some nodes, nearest first, and those of them that start from no other sampler; all of them
 * where they go in circles. One pass over the graph.
 */
function samplersUpstream(
  graph: ComfyGraph,
  ends: readonly ComfyNode[],
): { reached: ComfyNode[]; starting: ComfyNode[] } {
  const consumers = new Map<ComfyNode, ComfyNode[]>(ends.map((node) => [node, []]))
  // A map is gone through in the order of insertion, also through what is inserted on the way.
  for (const [node] of consumers) {
    for (const input of pixelInputs(graph, { node, output: 0 })) {
      const source = originOf(graph, input)?.node
      if (!source) continue
      const list = consumers.get(source)
      if (list) list.push(node)
      else consumers.set(source, [node])
    }
  }
  const reached = [...consumers.keys()].filter((node) => graph.samplers.has(node))
  const following = new Set(reached.flatMap((node) => consumers.get(node)!))
  for (const node of following) for (const consumer of consumers.get(node)!) following.add(consumer)
  const starting = reached.filter((node) => !following.has(node))
  return { reached, starting: starting.length > 0 ? starting : reached }
}

const mostScalings = 50

/** The size in pixels that a pass draws at, "1536x1536"; undefined where the graph does not say it. */
export function sizeOfPass(graph: ComfyGraph, sampler: ComfyNode): string | undefined {
  let factor = 1
  let origin: Origin | undefined = { node: sampler, output: 0 }
  for (let hop = 0; hop < mostScalings && origin; hop++) {
    const link: unknown = pixelInputs(graph, origin).find(isLink)
    origin = originOf(graph, link)
    if (!origin) return undefined
    const { node } = origin
    const size = graph.samplers.has(node) ? undefined : sizeOfNode(graph, node)
    if (size && Number(size.width) > 0 && Number(size.height) > 0) {
      return `${Math.round(Number(size.width) * factor)}x${Math.round(Number(size.height) * factor)}`
    }
    const scale = resolveValue(graph, node.inputs.scale_by ?? node.inputs.upscale_by, 'scale_by')
    if (typeof scale === 'number') factor *= scale
    else if (/UpscaleWithModel|crop|pad/i.test(node.type)) return undefined
  }
  return undefined
}

/** The nodes that a pass is made of: all that lead to it by any input. */
export function upstreamOf(graph: ComfyGraph, pass: ComfyNode): Set<ComfyNode> {
  const found = new Set([pass])
  for (const { inputs } of found) {
    for (const input of Object.values(inputs)) {
      const node = isLink(input) ? graph.nodes.get(String(input[0])) : undefined
      if (node) found.add(node)
    }
  }
  return found
}

/** Whether a node only carries a bundle on. */
export const isCarrier = ({ type }: ComfyNode): boolean =>
  outputSlots(type) !== undefined && !/load|sampler/i.test(type)
