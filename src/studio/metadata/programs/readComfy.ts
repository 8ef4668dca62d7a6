import type { Generation } from '../../../shared/generation.ts'
import { findSampler, findSchedule } from '../../../shared/samplers.ts'
import type { Picture } from '../picture.ts'
import {
  linkedNode,
  parseGraph,
  resolveValue,
  walkUpstream,
  type ComfyGraph,
  type ComfyNode,
} from './comfyGraph.ts'
import { draftGeneration, startedFromPicture, toSeed, type GenerationDraft } from './generationDraft.ts'

const samplerTypes = /^KSampler|^SamplerCustom/
const latentInputs = [
  'latent_image',
  'samples',
  'latent',
  'pixels',
  'image',
  'images',
  'samples_to',
  'samples1',
]
const modelInputs = ['model', 'base_model', 'model1']
const conditioningInputs = [
  'conditioning',
  'conditioning_1',
  'conditioning_2',
  'conditioning_to',
  'conditioning_from',
]
const textInputs = ['text', 'text_l', 'clip_l', 't5xxl', 'prompt']
const secondTextInputs = ['text_g', 'clip_g']
const mostNodesNamed = 100
/** Nodes that change no pixels, or none that a request knows of. */
const neutral =
  /^(VAEDecode|VAELoader|CLIPLoader|SaveImage|SaveAnimated|PreviewImage|Note|MarkdownNote|Primitive|Reroute)/

/** Reads the graph that ran; of the drawn one alone it is only said that it is there. */
export function readComfy({ texts }: Picture): Generation | null {
  const text = texts.get('prompt')
  if (text !== undefined) return readGraph(text)
  const workflow = texts.get('workflow')
  if (workflow === undefined) return null
  const draft = draftGeneration('ComfyUI', workflow)
  draft.leave('workflow', workflow, 'the file holds the drawn graph but not the one that ran')
  return draft.finish()
}

/** Reads the first sampler of a graph, and what is linked to it. */
function readGraph(text: string): Generation | null {
  const graph = parseGraph(text)
  if (!graph) return null
  const draft = draftGeneration('ComfyUI', text)
  const used = new Set<ComfyNode>()
  const sampler = findFirstSampler(graph, used, draft)
  if (sampler) readSampler(graph, sampler, used, draft)
  else draft.leave('prompt', text, 'its graph holds no sampler node that is known')
  leaveUnknownNodes(graph, used, draft)
  return draft.finish()
}

/** Samplers may follow each other (a second pass); the one that starts from no other decides the request. */
function findFirstSampler(
  graph: ComfyGraph,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): ComfyNode | undefined {
  const samplers = [...graph.values()].filter(
    ({ type }) => samplerTypes.test(type) && !type.endsWith('Select'),
  )
  const upstream = walkUpstream(graph, samplers[0] && [samplers[0].id, 0], () => latentInputs)
  const first = upstream.findLast((node) => samplers.includes(node))
  for (const other of samplers) {
    used.add(other)
    if (other !== first)
      draft.leave(`node ${other.id}`, other.type, 'a further sampler has no counterpart here')
  }
  return first
}

function readSampler(
  graph: ComfyGraph,
  sampler: ComfyNode,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): void {
  const linked = (node: ComfyNode | undefined, input: string) => {
    const found = node && linkedNode(graph, node.inputs[input])?.node
    if (found) used.add(found)
    return found
  }
  const guider = linked(sampler, 'guider') ?? sampler
  const noise = linked(sampler, 'noise') ?? sampler
  const method = linked(sampler, 'sampler') ?? sampler
  const spacing = linked(sampler, 'sigmas') ?? sampler
  const value = (node: ComfyNode, input: string) => resolveValue(graph, node.inputs[input])

  draft.set('seedConvention', 'ComfyUI', 'seed')
  draft.set('seed', toSeed(value(noise, 'seed') ?? value(noise, 'noise_seed')), 'seed')
  draft.set('steps', value(spacing, 'steps'), 'steps')
  draft.set('guidanceScale', value(guider, 'cfg'), 'cfg')
  readMethod(value(method, 'sampler_name') ?? method.type, draft)
  readSpacing(value(spacing, 'scheduler') ?? spacing.type, draft)
  readStepRange(sampler, draft)
  readTexts(graph, guider, used, draft)
  readModel(graph, guider, used, draft)
  readLatents(graph, sampler, value(spacing, 'denoise'), used, draft)
}

function readMethod(name: unknown, draft: GenerationDraft): void {
  draft.set('sampler', findSampler(String(name)) ?? name, 'sampler_name')
}

/** A schedule by id, or by the node that makes it (KarrasScheduler). */
function readSpacing(name: unknown, draft: GenerationDraft): void {
  const plain = String(name).replace(/(Sampling)?Scheduler$/, '')
  const known = plain === 'SDTurbo' ? 'Turbo' : plain === 'AlignYourSteps' ? 'Align Your Steps' : plain
  draft.set('schedule', findSchedule(known) ?? name, 'scheduler')
}

function readStepRange({ inputs }: ComfyNode, draft: GenerationDraft): void {
  const { start_at_step: start, end_at_step: end, steps } = inputs
  const starts = typeof start === 'number' && start > 0
  const ends = typeof end === 'number' && typeof steps === 'number' && end < steps
  if (starts || ends)
    draft.leave(
      'start_at_step',
      `${String(start)} to ${String(end)}`,
      'part of the steps has no counterpart here',
    )
}

function readTexts(graph: ComfyGraph, guider: ComfyNode, used: Set<ComfyNode>, draft: GenerationDraft): void {
  const positive = guider.inputs.positive ?? guider.inputs.conditioning
  for (const [field, secondField, key, input] of [
    ['prompt', 'prompt2', 'positive', positive],
    ['negativePrompt', 'negativePrompt2', 'negative', guider.inputs.negative],
  ] as const) {
    const encoders = conditioningNodes(graph, input, used)
    for (const encoder of encoders) if (key === 'positive') readSizeConditioning(graph, encoder, draft)
    readClip(graph, encoders, used, draft)
    const first = encodedTexts(graph, encoders, textInputs, draft)
    const second = encodedTexts(graph, encoders, secondTextInputs, draft)
    for (const texts of [first, second]) {
      if (texts.length > 1)
        draft.leave(key, texts, 'several texts are combined in the graph; they are joined here')
    }
    const text = first.length > 0 ? first.join(', ') : second.join(', ')
    if (first.length + second.length > 0) draft.set(field, text, key)
    if (second.length > 0 && second.join(', ') !== text) draft.set(secondField, second.join(', '), key)
  }
}

/** The nodes a conditioning is made of, in graph order. Nodes with two sides keep them by output. */
function conditioningNodes(graph: ComfyGraph, input: unknown, used: Set<ComfyNode>): ComfyNode[] {
  const sides = ['positive', 'negative']
  const nodes = walkUpstream(graph, input, (node, output) =>
    node.type === 'ConditioningZeroOut' ? [] : [...conditioningInputs, ...sides.slice(output, output + 1)],
  )
  for (const node of nodes) if (/^(CLIPTextEncode|Conditioning)/.test(node.type)) used.add(node)
  return nodes
}

/** The texts under some inputs, each once. */
function encodedTexts(
  graph: ComfyGraph,
  nodes: readonly ComfyNode[],
  names: readonly string[],
  draft: GenerationDraft,
): string[] {
  const texts = new Set<string>()
  for (const node of nodes) {
    for (const name of names.filter((candidate) => Object.hasOwn(node.inputs, candidate))) {
      const text = resolveValue(graph, node.inputs[name])
      if (typeof text === 'string') texts.add(text)
      else draft.leave(`node ${node.id}`, node.type, 'its text comes from nodes that are not known')
    }
  }
  return [...texts]
}

/** What CLIPTextEncodeSDXL tells the model of the picture's past. */
function readSizeConditioning(graph: ComfyGraph, { type, inputs }: ComfyNode, draft: GenerationDraft): void {
  if (type !== 'CLIPTextEncodeSDXL') return
  const value = (name: string) => resolveValue(graph, inputs[name])
  const sizes = {
    originalWidth: value('width'),
    originalHeight: value('height'),
    cropLeft: value('crop_w'),
    cropTop: value('crop_h'),
    targetWidth: value('target_width'),
    targetHeight: value('target_height'),
  }
  draft.set('sizeConditioning', sizes, 'CLIPTextEncodeSDXL')
}

/** Clip skip is a node between the text encoder and the texts; -1 is the last layer. */
function readClip(
  graph: ComfyGraph,
  nodes: readonly ComfyNode[],
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): void {
  const seen = new Set<ComfyNode>()
  for (const upstream of nodes.flatMap(({ inputs }) =>
    walkUpstream(graph, inputs.clip, () => ['clip'], seen),
  )) {
    if (upstream.type !== 'CLIPSetLastLayer') continue
    used.add(upstream)
    const layer = upstream.inputs.stop_at_clip_layer
    draft.set('clipSkip', typeof layer === 'number' ? -layer : undefined, 'stop_at_clip_layer')
  }
}

function readModel(graph: ComfyGraph, guider: ComfyNode, used: Set<ComfyNode>, draft: GenerationDraft): void {
  for (const node of walkUpstream(graph, guider.inputs.model, () => modelInputs)) {
    const { ckpt_name, unet_name, model_name, lora_name, strength_model, multiplier, zsnr } = node.inputs
    used.add(node)
    const name = resolveValue(graph, ckpt_name ?? unet_name ?? model_name)
    if (name !== undefined) draft.setModel(name)
    else if (node.type === 'RescaleCFG') draft.set('guidanceRescale', multiplier, 'multiplier')
    else if (node.type === 'ModelSamplingDiscrete') draft.set('zeroTerminalSnr', zsnr, 'zsnr')
    else if (lora_name !== undefined) draft.leave('LoRA', [lora_name, strength_model], 'is not loaded here')
    else draft.leave(`node ${node.id}`, node.type, 'changes the model in a way that has no counterpart here')
  }
}

function readLatents(
  graph: ComfyGraph,
  sampler: ComfyNode,
  denoise: unknown,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): void {
  const nodes = walkUpstream(graph, sampler.inputs.latent_image, () => latentInputs)
  const fromPicture = nodes.some(({ type }) => type.startsWith('LoadImage'))
  if (fromPicture) draft.set('denoiseStrength', denoise, 'denoise')
  else if (typeof denoise === 'number' && denoise !== 1) {
    draft.leave('denoise', denoise, 'has no counterpart here without a picture to start from')
  }
  for (const node of nodes) {
    used.add(node)
    if (node.type.startsWith('Empty')) {
      draft.set('width', resolveValue(graph, node.inputs.width), 'width')
      draft.set('height', resolveValue(graph, node.inputs.height), 'height')
      draft.set('batchSize', resolveValue(graph, node.inputs.batch_size), 'batch_size')
    } else if (node.type.startsWith('LoadImage')) {
      draft.leave('image', node.inputs.image, startedFromPicture)
    } else if (!node.type.startsWith('VAEEncode')) {
      draft.leave(`node ${node.id}`, node.type, 'changes the latents in a way that has no counterpart here')
    }
  }
}

function leaveUnknownNodes(graph: ComfyGraph, used: ReadonlySet<ComfyNode>, draft: GenerationDraft): void {
  const unknown = [...graph.values()].filter((node) => !used.has(node) && !neutral.test(node.type))
  for (const { id, type } of unknown.slice(0, mostNodesNamed))
    draft.leave(`node ${id}`, type, 'was not understood')
  if (unknown.length > mostNodesNamed)
    draft.leave('nodes', unknown.length - mostNodesNamed, 'further nodes were not understood')
}
