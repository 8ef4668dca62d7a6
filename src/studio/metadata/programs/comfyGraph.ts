import { isObject, parseObject, type JsonObject } from '../tolerantJson.ts'

/** A node of a ComfyUI graph in API form: inputs are values, or links [node id, output]. */
export interface ComfyNode {
  id: string
  type: string
  inputs: JsonObject
}

export type ComfyGraph = ReadonlyMap<string, ComfyNode>

/** The graph in the text of a `prompt` chunk; undefined for anything else. */
export function parseGraph(text: string | undefined): ComfyGraph | undefined {
  const json = parseObject(text)
  if (!json) return undefined
  const graph = new Map<string, ComfyNode>()
  for (const [id, node] of Object.entries(json)) {
    if (!isObject(node) || typeof node.class_type !== 'string') continue
    graph.set(id, { id, type: node.class_type, inputs: isObject(node.inputs) ? node.inputs : {} })
  }
  return graph.size > 0 ? graph : undefined
}

/** The node an input is linked to, and from which of its outputs. */
export function linkedNode(
  graph: ComfyGraph,
  input: unknown,
): { node: ComfyNode; output: number } | undefined {
  if (!Array.isArray(input) || input.length !== 2) return undefined
  const [id, output] = input as unknown[]
  const node = typeof id === 'string' || typeof id === 'number' ? graph.get(String(id)) : undefined
  return node && { node, output: typeof output === 'number' ? output : 0 }
}

/** Inputs under which nodes that only hand on a value keep it. */
const valueInputs = [
  'value',
  'seed',
  'noise_seed',
  'int',
  'float',
  'number',
  'text',
  'string',
  'prompt',
  'source',
]

const longestHandOn = 10

/** A value given directly or by nodes that hand one on; undefined where it cannot be told. */
export function resolveValue(graph: ComfyGraph, input: unknown): string | number | boolean | undefined {
  let value = input
  for (let count = 0; count < longestHandOn; count++) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
    const node = linkedNode(graph, value)?.node
    const name = node && valueInputs.find((candidate) => Object.hasOwn(node.inputs, candidate))
    if (!node || name === undefined) return undefined
    value = node.inputs[name]
  }
  return undefined
}

/**
 * The nodes from an input upstream along inputs of some names, nearest first, without repetition. `into` tells
 * which inputs of a node reached through one of its outputs are followed.
 */
export function walkUpstream(
  graph: ComfyGraph,
  input: unknown,
  into: (node: ComfyNode, output: number) => readonly string[],
  seen = new Set<ComfyNode>(),
): ComfyNode[] {
  const found: ComfyNode[] = []
  const open = [input]
  for (let next = 0; next < open.length; next++) {
    const link = linkedNode(graph, open[next])
    if (!link || seen.has(link.node)) continue
    seen.add(link.node)
    found.push(link.node)
    for (const name of into(link.node, link.output)) open.push(link.node.inputs[name])
  }
  return found
}
