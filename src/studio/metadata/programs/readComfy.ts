import type { Generation } from '../../../shared/library/generation.ts'
import type { Picture } from '../picture.ts'
import { isObject, parseObject } from '../tolerantJson.ts'
import { originOf, parseGraph, type ComfyGraph, type ComfyNode } from './comfy/graph.ts'
import { readLatents } from './comfy/latents.ts'
import { readModel } from './comfy/model.ts'
import { neutral } from './comfy/nodes.ts'
import { findPasses, isCarrier, sizeOfPass, upstreamOf } from './comfy/passes.ts'
import { readPlainSettings } from './comfy/plainSettings.ts'
import { describePass, readSettings } from './comfy/settings.ts'
import { readSite, type Site } from './comfy/sites.ts'
import { readTexts } from './comfy/texts.ts'
import { describeNode } from './comfy/values.ts'
import { readSecondPass } from './comfy/secondPass.ts'
import { draftGeneration, type GenerationDraft } from './generationDraft.ts'

const mostNodesNamed = 100

/** Reads the graph that ran; of the drawn one alone it is only said that it is there. */
export function readComfy({ texts }: Picture): Generation | null {
  const text = texts.get('prompt')
  const ran = text === undefined ? null : (readGraph(text, readSite(texts)) ?? cutOff('prompt', text))
  if (ran) return ran
  const workflow = texts.get('workflow') ?? (text !== undefined && isDrawn(text) ? text : undefined)
  if (workflow === undefined) return null
  const cut = cutOff('workflow', workflow)
  if (cut) return cut
  const draft = draftGeneration('ComfyUI', workflow)
  draft.leave('workflow', drawnNodes(workflow), 'the file holds the drawn graph but not the one that ran')
  return draft.finish()
}

const isDrawn = (text: string): boolean => {
  const { nodes, links } = parseObject(text) ?? {}
  return Array.isArray(nodes) && Array.isArray(links)
}

/** A graph whose end is missing, said to be one; null for what is whole or something else. */
function cutOff(key: string, text: string): Generation | null {
  const isGraph = /^\s*\{/.test(text) && /"class_type"\s*:|"last_node_id"\s*:|"widgets_values"\s*:/.test(text)
  if (!isGraph || parseObject(text)) return null
  const draft = draftGeneration('ComfyUI', text)
  draft.leave(
    key,
    `${text.length} characters`,
    'is a graph of ComfyUI that is cut off or broken, so nothing can be taken from it; get the file again',
  )
  return draft.finish()
}

/** The classes of the nodes in a drawn graph. */
function drawnNodes(workflow: string): string {
  const nodes: unknown = parseObject(workflow)?.nodes
  if (!Array.isArray(nodes)) return workflow
  const types = nodes.map((node: unknown) =>
    isObject(node) && typeof node.type === 'string' ? node.type : '?',
  )
  return `${nodes.length} nodes: ${[...new Set(types)].join(', ')}`
}

/** Reads the first sampler of a graph, and what is linked to it. */
function readGraph(text: string, site: Site | undefined): Generation | null {
  const graph = parseGraph(text)
  if (!graph) return null
  const draft = draftGeneration(site?.source ?? 'ComfyUI', text)
  site?.beforeGraph(draft)
  const used = new Set<ComfyNode>()
  const { first, further } = findPasses(graph)
  if (first) readPass(graph, first, used, draft)
  else {
    draft.leave(
      'prompt',
      `${graph.nodes.size} nodes`,
      'its graph holds no sampler node that is known; what is plain in it is offered',
    )
    readPlainSettings(graph, draft)
  }
  const [second] = further
  const isTaken =
    first !== undefined && further.length === 1 && readSecondPass(graph, [first, second], used, draft)
  leaveFurtherPasses(graph, isTaken ? [] : further, used, draft)
  if (isTaken) used.add(second)
  leaveUnknownNodes(graph, first, used, draft)
  site?.afterGraph(draft)
  return draft.finish()
}

function readPass(graph: ComfyGraph, sampler: ComfyNode, used: Set<ComfyNode>, draft: GenerationDraft): void {
  used.add(sampler)
  const guider = originOf(graph, sampler.inputs.guider)?.node ?? sampler
  used.add(guider)
  const denoise = readSettings(graph, sampler, guider, used, draft)
  readTexts(graph, guider, used, draft)
  readModel(graph, guider, used, draft)
  readLatents(graph, sampler, denoise, used, draft)
}

function leaveFurtherPasses(
  graph: ComfyGraph,
  further: readonly ComfyNode[],
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): void {
  for (const node of further) used.add(node)
  for (const node of further.slice(0, mostNodesNamed)) {
    const size = sizeOfPass(graph, node)
    const value = `${describePass(graph, node)}${size === undefined ? '' : ` at ${size}`}`
    draft.leave(
      `node ${node.id}`,
      value,
      'is a further sampler (a second pass) of another kind than the one here',
    )
  }
  if (further.length > mostNodesNamed)
    draft.leave('samplers', further.length - mostNodesNamed, 'further samplers are not taken over')
}

/** Says what else is in the graph, with its values: what leads to the first pass, and what comes after it. */
function leaveUnknownNodes(
  graph: ComfyGraph,
  first: ComfyNode | undefined,
  used: ReadonlySet<ComfyNode>,
  draft: GenerationDraft,
): void {
  const leading = first && upstreamOf(graph, first)
  const unknown = [...graph.nodes.values()].filter(
    (node) => !used.has(node) && !graph.read.has(node) && !neutral.test(node.type) && !isCarrier(node),
  )
  for (const node of unknown.slice(0, mostNodesNamed)) {
    if (leading?.has(node)) tellFamily(node, draft)
    const reason = !leading || leading.has(node) ? 'was not understood' : 'is no part of the first pass'
    if (node.type === 'VAELoader') draft.setVae(node.inputs.vae_name, 'VAE')
    else draft.leave(`node ${node.id}`, describeNode(graph, node), reasonOf(node) ?? reason)
  }
  if (unknown.length > mostNodesNamed)
    draft.leave('nodes', unknown.length - mostNodesNamed, 'further nodes were not understood')
}

/** The files of text encoders and VAEs tell of the family of a model. */
function tellFamily({ inputs }: ComfyNode, draft: GenerationDraft): void {
  for (const [name, value] of Object.entries(inputs))
    if (/_name\d?$|^type$/.test(name)) draft.tellFamily(value)
}

/** Why nodes are left that bring something from outside. */
const reasonOf = ({ type }: ComfyNode): string | undefined => {
  if (/^LoadImage/.test(type)) return 'is a picture that the file does not hold'
  return /CLIPLoader/.test(type) ? 'is a text encoder of its own; here the model brings its own' : undefined
}
