import type { GenerationDraft } from '../generationDraft.ts'
import { isObject, type JsonObject } from '../../tolerantJson.ts'
import { inputOf, walkUpstream, withBundles, type ComfyGraph, type ComfyNode } from './graph.ts'
import { slotNames } from './nodes.ts'
import { describeNode, resolveValue, valueOf } from './values.ts'

/** Reads the model of a pass, and says what is done to it on the way: LoRAs with their weights, patches with values. */
export function readModel(
  graph: ComfyGraph,
  pass: ComfyNode,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): void {
  const origins = walkUpstream(graph, [inputOf(graph, pass, 'model')], ({ node }) => [
    inputOf(graph, node, 'model'),
  ])
  const nodes = origins.map(({ node }) => node)
  for (const node of nodes.length > 0 ? nodes : loadersInBundles(graph, pass)) {
    used.add(node)
    const loras = readLoras(graph, node, used, draft)
    const name = valueOf(graph, node, 'ckpt_name')
    const patch = patches[node.type]
    if (patch) patch(graph, node, draft)
    else if (name !== undefined) readLoader(node, name, draft)
    else if (loras === 'none' && !byTags.test(node.type)) leavePatch(graph, node, draft)
  }
}

/** Nodes that do no more to the model than to load the LoRAs which their text names, and which are said anyway. */
const byTags = /^Power Prompt|Wildcard(Encode|Processor)|LoraTagLoader/

/** Loaders that hand their model out in a bundle, without an output of its own. */
const loadersInBundles = (graph: ComfyGraph, pass: ComfyNode): ComfyNode[] =>
  [...withBundles(graph, pass)].filter(({ inputs }) =>
    slotNames('ckpt_name').some((name) => Object.hasOwn(inputs, name)),
  )

function leavePatch(graph: ComfyGraph, node: ComfyNode, draft: GenerationDraft): void {
  draft.leave(
    `node ${node.id}`,
    describeNode(graph, node),
    'changes the model in a way that has no counterpart here',
  )
}

/** The first model named is the one that draws; a merge names more, which its description shows. */
function readLoader(node: ComfyNode, name: unknown, draft: GenerationDraft): void {
  draft.setModel(name)
  const vae = node.inputs.vae_name
  if (typeof vae === 'string' && !/^(Baked VAE|None)$/i.test(vae)) draft.setVae(vae, 'VAE')
}

type Patch = (graph: ComfyGraph, node: ComfyNode, draft: GenerationDraft) => void

/** How far a flow matching model's noise levels are shifted. */
const shift: Patch = (graph, node, draft) =>
  draft.leave(
    'shift',
    describeNode(graph, node),
    'says how far the noise levels are shifted; here the model itself says it',
  )

const patches: Record<string, Patch | undefined> = {
  __proto__: null as never,
  ModelSamplingAuraFlow: shift,
  ModelSamplingSD3: shift,
  ModelSamplingFlux: shift,
  RescaleCFG: (graph, node, draft) =>
    draft.set('guidanceRescale', resolveValue(graph, node.inputs.multiplier, 'multiplier'), 'multiplier'),
  ModelSamplingDiscrete: (graph, node, draft) => {
    draft.set('zeroTerminalSnr', resolveValue(graph, node.inputs.zsnr, 'zsnr'), 'zsnr')
    draft.leave(
      'sampling',
      `${node.type} (${String(node.inputs.sampling)})`,
      'says what the model is taken to predict; here the model itself says it',
    )
  },
}

/** A LoRA with its weights for the model and for the text encoder. */
interface Lora {
  name: string
  weights: unknown[]
}

export function addLoras(draft: GenerationDraft, loras: readonly Lora[]): void {
  for (const { name, weights } of loras)
    draft.addLora({ name, unet: weights[0], text: weights[1] }, [name, ...weights])
}

const stackInputs = ['lora_stack', 'optional_lora_stack', 'prev_lora', 'loras']

/** Says the LoRAs that a node loads, its own or from stacks linked to it: whether it knows of LoRAs, and any are on. */
function readLoras(
  graph: ComfyGraph,
  node: ComfyNode,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): 'none' | 'off' | 'on' {
  const links = ({ inputs }: ComfyNode) => stackInputs.map((name) => inputs[name])
  const stacks = walkUpstream(graph, links(node), (origin) => links(origin.node)).map((origin) => origin.node)
  const loras = [node, ...stacks].flatMap(lorasOf)
  for (const stack of stacks) used.add(stack)
  addLoras(draft, loras)
  if (loras.length > 0) return 'on'
  return /lora/i.test(node.type) || stacks.length > 0 ? 'off' : 'none'
}

const isOff = (value: unknown): boolean =>
  value === false || value === 'Off' || value === 'False' || value === 'off'

/** The LoRAs that a node's own inputs name and switch on. */
export function lorasOf({ inputs }: ComfyNode): Lora[] {
  if (isOff(inputs.toggle) || isOff(inputs.switch)) return []
  const count = Number(inputs.lora_count ?? inputs.num_loras ?? Infinity)
  const loras: Lora[] = []
  for (const [key, value] of Object.entries(inputs)) {
    if (!/^(lora|loras)(_|$)|^lora_?\d/i.test(key)) continue
    const index = /\d+/.exec(key)?.[0]
    if (index !== undefined && Number(index) > count) continue
    if (isObject(value)) loras.push(...listedLoras(value))
    else if (typeof value === 'string' && !/weight|strength|wt|str_|count|syntax/i.test(key)) {
      const lora = namedLora(inputs, value, index)
      if (lora) loras.push(lora)
    }
  }
  return loras
}

/** A LoRA by the name in one input, with the weights in the inputs of the same number. */
function namedLora(inputs: JsonObject, name: string, index: string | undefined): Lora | undefined {
  if (name === '' || /^none$/i.test(name)) return undefined
  if (index !== undefined && ['switch', 'enabled', 'on'].some((key) => isOff(inputs[`${key}_${index}`])))
    return undefined
  const isAdvanced = inputs.input_mode === 'advanced' || inputs.mode === 'advanced'
  const weights = Object.entries(inputs)
    .filter(([key, value]) => typeof value === 'number' && /strength|weight|_wt|_str/i.test(key))
    .filter(([key]) => (/\d+/.exec(key)?.[0] ?? '') === (index ?? ''))
    .filter(([key]) =>
      inputs.input_mode === undefined && inputs.mode === undefined
        ? true
        : isAdvanced === /model|clip/.test(key),
    )
    .map(([, value]) => value)
  return weights.length > 0 && weights.every((weight) => weight === 0) ? undefined : { name, weights }
}

/** rgthree's Power Lora Loader {on, lora, strength}, and lists [{name, strength, active}] of LoRA managers. */
function listedLoras(value: JsonObject): Lora[] {
  const list: unknown[] = Array.isArray(value.__value__) ? value.__value__ : [value]
  const loras: Lora[] = []
  for (const entry of list) {
    if (!isObject(entry)) continue
    const { on, active, lora, name, strength, strengthTwo, clipStrength } = entry
    const file = lora ?? name
    const weights = [strength, strengthTwo ?? clipStrength].filter(
      (weight) => weight !== undefined && weight !== null,
    )
    if (typeof file !== 'string' || file === 'None' || isOff(on) || isOff(active)) continue
    if (weights.length === 0 || weights.some((weight) => Number(weight) !== 0))
      loras.push({ name: file, weights })
  }
  return loras
}
