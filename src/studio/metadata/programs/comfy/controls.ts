import { addControl } from '../controlUnits.ts'
import type { GenerationDraft } from '../generationDraft.ts'
import { originOf, walkUpstream, type ComfyGraph, type ComfyNode } from './graph.ts'
import { describeNode, resolveValue } from './values.ts'

/** Nodes that let a ControlNet or a T2I-Adapter steer: nodes.py, and packs that hand their settings on. */
export const appliesControl = /ControlNet.*Apply|Apply.*ControlNet|T2IAdapter/i

/**
 * Takes a ControlNet over that a node applies, as far as it goes without its picture. Answers false where the graph does
 * not name its file.
 */
export function readControl(
  graph: ComfyGraph,
  node: ComfyNode,
  key: string,
  draft: GenerationDraft,
): boolean {
  const { inputs } = node
  const nets = walkUpstream(graph, [inputs.control_net], (origin) => [origin.node.inputs.control_net])
  const loader = nets
    .map((origin) => origin.node)
    .find((net) => typeof net.inputs.control_net_name === 'string')
  if (!loader) return false
  const value = (name: string) => resolveValue(graph, inputs[name], name)
  const written = describeNode(graph, node)
  const control = {
    model: loader.inputs.control_net_name,
    weight: value('strength'),
    start: value('start_percent'),
    end: value('end_percent'),
    ...preprocessing(graph, inputs.image),
  }
  addControl(draft, control, key, written)
  for (const net of nets) graph.read.add(net.node)
  return true
}

/** What makes the control picture out of one that is loaded: ComfyUI's own Canny counts brightness to 1. */
function preprocessing(graph: ComfyGraph, image: unknown) {
  const node = originOf(graph, image)?.node
  if (!node || !/canny|lineart|scribble|preprocessor|invert/i.test(node.type)) return {}
  const scale = node.type === 'Canny' ? 255 : 1
  const threshold = (name: string) => {
    const value = resolveValue(graph, node.inputs[name], name)
    return typeof value === 'number' ? value * scale : undefined
  }
  graph.read.add(node)
  return { preprocessor: node.type, low: threshold('low_threshold'), high: threshold('high_threshold') }
}
