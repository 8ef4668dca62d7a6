import { isObject, parseObject, type JsonObject } from '../../tolerantJson.ts'
import { bundleInputs, handsOn, noSampler, outputSlots, slotNames, switchTypes } from './nodes.ts'

/** A node of a ComfyUI graph in API form: inputs are values, or links [node id, output]. */
export interface ComfyNode {
  id: string
  type: string
  inputs: JsonObject
}

export interface ComfyGraph {
  nodes: ReadonlyMap<string, ComfyNode>
  /** The nodes that sample. */
  samplers: ReadonlySet<ComfyNode>
  /** Where links lead that were followed before, by "node id:output". */
  origins: Map<string, Origin | undefined>
  /** Texts that were looked up before, by the same keys. */
  texts: Map<string, string | undefined>
  /** Nodes whose values or texts were taken, on their own or through nodes that hand them on. */
  read: Set<ComfyNode>
}

/** Where a link comes from. `slot` names what the node hands out there, for nodes that hand out several things. */
export interface Origin {
  node: ComfyNode
  output: number
  slot?: string
}

/**
 * The graph in a JSON object or its text, also as the API is sent it ({"client_id", "prompt": graph}); keys that are no
 * nodes are passed over. undefined for anything else.
 */
export function parseGraph(source: unknown): ComfyGraph | undefined {
  const json = typeof source === 'string' ? parseObject(source) : isObject(source) ? source : undefined
  if (!json) return undefined
  const nodes = nodesIn(json)
  if (nodes.size === 0) return isObject(json.prompt) ? parseGraph(json.prompt) : undefined
  const samplers = new Set([...nodes.values()].filter(isSampler))
  return { nodes, samplers, origins: new Map(), texts: new Map(), read: new Set() }
}

function nodesIn(json: JsonObject): Map<string, ComfyNode> {
  const nodes = new Map<string, ComfyNode>()
  for (const [id, node] of Object.entries(json)) {
    if (!isObject(node) || typeof node.class_type !== 'string') continue
    nodes.set(id, { id, type: node.class_type, inputs: isObject(node.inputs) ? node.inputs : {} })
  }
  return nodes
}

export const isLink = (input: unknown): input is [string | number, number] =>
  Array.isArray(input) &&
  input.length === 2 &&
  (typeof input[0] === 'string' || typeof input[0] === 'number') &&
  typeof input[1] === 'number'

const seeds = ['seed', 'noise_seed', 'noise', 'seed_num']
const lengths = ['steps', 'sigmas', 'total_steps']
const models = [...slotNames('model'), 'guider', ...bundleInputs]
const starts = [...slotNames('latent'), ...slotNames('positive'), ...slotNames('image'), ...bundleInputs]

/** Whether a node samples: it is called so and gets latents, or it has a seed, a number of steps and a model. */
function isSampler({ type, inputs }: ComfyNode): boolean {
  const isLinked = (name: string) => isLink(inputs[name])
  const has = (name: string) => inputs[name] !== undefined
  const isCandidate = /sampler/i.test(type)
    ? starts.some(isLinked)
    : seeds.some(has) && lengths.some(has) && models.some(isLinked)
  return isCandidate && !noSampler.test(type)
}

const longestHandOn = 50

/**
 * The node that makes what an input is linked to. Nodes that only hand something on (reroutes, switches, bundles
 * such as rgthree's Context and Impact's Basic Pipe) are passed through.
 */
export function originOf(graph: ComfyGraph, input: unknown): Origin | undefined {
  if (!isLink(input)) return undefined
  const key = `${input[0]}:${input[1]}`
  if (!graph.origins.has(key)) graph.origins.set(key, followLink(graph, input))
  return graph.origins.get(key)
}

function followLink(graph: ComfyGraph, input: unknown): Origin | undefined {
  let link = input
  for (let hop = 0; hop < longestHandOn && isLink(link); hop++) {
    const node = graph.nodes.get(String(link[0]))
    if (!node) return undefined
    const output = link[1]
    const slot = outputSlots(node.type)?.[output]
    const next = slot === undefined ? handedOn(graph, node, output) : inputOf(graph, node, slot)
    if (!isLink(next)) return { node, output, slot }
    graph.read.add(node)
    link = next
  }
  return undefined
}

/** The input a node only hands on at an output; undefined for nodes that make something of their own. */
function handedOn(graph: ComfyGraph, node: ComfyNode, output: number): unknown {
  if (handsOn.test(node.type)) return Object.values(node.inputs).find(isLink)
  return switchTypes.test(node.type) ? chosenInput(graph, node, output) : undefined
}

/** The choice of a switch, also where a node holds it (PrimitiveBoolean). */
function heldChoice(graph: ComfyGraph, input: unknown): unknown {
  if (!isLink(input)) return input
  const node = graph.nodes.get(String(input[0]))
  if (!node) return undefined
  graph.read.add(node)
  return node.inputs.value ?? node.inputs.boolean ?? node.inputs.int
}

const selectors = ['select', 'Input', 'index', 'boolean', 'switch', 'condition', 'cond']
/** Names under which switches keep what holds for true, and what holds for false. */
const branches = [
  ['on_true', 'on_false'],
  ['true', 'false'],
  ['tt_value', 'ff_value'],
  ['text_a', 'text_b'],
  ['if_true', 'if_false'],
] as const

/** What a switch lets through: by number, by truth, or the first that is linked. Names tell the kind by output. */
export function chosenInput(graph: ComfyGraph, { inputs }: ComfyNode, output: number): unknown {
  const selector = selectors.find((name) => Object.hasOwn(inputs, name))
  const choice = selector === undefined ? undefined : heldChoice(graph, inputs[selector])
  if (typeof choice === 'boolean') {
    const pair = branches.find((names) => names.some((name) => Object.hasOwn(inputs, name)))
    return pair && inputs[pair[choice ? 0 : 1]]
  }
  const names = Object.keys(inputs).filter((name) => name !== selector)
  if (typeof choice === 'number') {
    const numbered = names.filter((name) => new RegExp(`\\D0*${Math.trunc(choice)}$`).test(name))
    return inputs[numbered[output] ?? numbered[0]]
  }
  if (typeof choice === 'string') return inputs[choice]
  if (selector !== undefined) return undefined
  return names.map((name) => inputs[name]).find(isLink)
}

/**
 * An input of a node by what it is for ("positive"), under any of the names it goes by, also out of the bundles
 * that the node is linked to. undefined where there is none.
 */
export function inputOf(graph: ComfyGraph, node: ComfyNode, slot: string): unknown {
  const names = slotNames(slot)
  for (const holder of withBundles(graph, node)) {
    const { inputs } = holder
    const name = names.find((candidate) => inputs[candidate] !== undefined && inputs[candidate] !== null)
    if (name === undefined) continue
    if (holder !== node) graph.read.add(holder)
    return inputs[name]
  }
  return undefined
}

/** A node, and after it those that its bundles come from, nearest first. */
export function* withBundles(graph: ComfyGraph, node: ComfyNode): Generator<ComfyNode> {
  const found = new Set([node])
  for (const holder of found) {
    yield holder
    for (const name of bundleInputs) {
      const link = holder.inputs[name]
      const upstream = isLink(link) ? graph.nodes.get(String(link[0])) : undefined
      if (upstream && found.size < longestHandOn) found.add(upstream)
    }
  }
}

/**
 * The nodes from some inputs upstream, nearest first, without repetition, at most so many. `into` gives a node's
 * inputs to follow.
 */
export function walkUpstream(
  graph: ComfyGraph,
  inputs: readonly unknown[],
  into: (origin: Origin) => readonly unknown[],
  most = Infinity,
): Origin[] {
  const seen = new Set<ComfyNode>()
  const found: Origin[] = []
  const open = [...inputs]
  for (let next = 0; next < open.length && found.length < most; next++) {
    const origin = originOf(graph, open[next])
    if (!origin || seen.has(origin.node)) continue
    seen.add(origin.node)
    found.push(origin)
    for (const input of into(origin)) if (isLink(input)) open.push(input)
  }
  return found
}
