import type { GenerationDraft } from '../generationDraft.ts'
import { appliesControl, readControl } from './controls.ts'
import { inputOf, walkUpstream, type ComfyGraph, type ComfyNode, type Origin } from './graph.ts'
import { conditioningReason, joinsTexts } from './nodes.ts'
import { describeNode, resolveText, resolveValue, valueOf } from './values.ts'

const textInputs = [
  'text',
  'text_l',
  'clip_l',
  't5xxl',
  'bert',
  'mt5xl',
  'prompt',
  'user_prompt',
  'populated_text',
  'text1',
]
const secondTextInputs = ['text_g', 'clip_g', 'text2']
const sides = ['positive', 'negative'] as const

/** Reads both texts of a pass, the size conditioning and the clip skip on the way, and says what changes them. */
export function readTexts(
  graph: ComfyGraph,
  pass: ComfyNode,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): void {
  for (const side of sides) {
    const input = inputOf(graph, pass, side)
    const origins = conditioningOrigins(graph, input)
    if (origins.length === mostNodes) draft.leave(side, origins.length, 'more nodes than these were not read')
    const encoders = origins.filter(({ node }) => isEncoder(node))
    for (const { node } of origins) used.add(node)
    for (const { node } of encoders) readEncoder(graph, node, side, draft)
    for (const { node } of origins) if (!isEncoder(node)) leaveConditioning(graph, node, side, draft)
    readClip(graph, encoders, used, draft)
    const texts = { first: new Set<string>(), second: new Set<string>() }
    if (typeof input === 'string') {
      texts.first.add(input)
      setClipSkip(valueOf(graph, pass, 'clip_skip'), draft)
    }
    for (const encoder of encoders) addTexts(graph, encoder, side, texts, draft)
    setTexts(side, [...texts.first], [...texts.second], draft)
  }
}

function setTexts(
  side: (typeof sides)[number],
  first: string[],
  second: string[],
  draft: GenerationDraft,
): void {
  const [field, secondField] =
    side === 'positive' ? (['prompt', 'prompt2'] as const) : (['negativePrompt', 'negativePrompt2'] as const)
  const isSame = first.join('\n') === second.join('\n')
  for (const texts of isSame ? [first] : [first, second]) {
    if (texts.length > 1)
      draft.leave(side, texts, 'several texts are combined in the graph; they are joined here')
  }
  const text = (first.length > 0 ? first : second).join(', ')
  if (first.length + second.length > 0) draft.set(field, text, side)
  if (second.length > 0 && second.join(', ') !== text) draft.set(secondField, second.join(', '), side)
}

const isZeroed = ({ type }: ComfyNode): boolean => /ZeroOut/.test(type)

const mostNodes = 200

/** The texts of encoders among the nodes of a conditioning. */
export function textsOf(graph: ComfyGraph, input: unknown): string[] {
  const texts = new Set<string>()
  for (const { node } of conditioningOrigins(graph, input).filter((origin) => isEncoder(origin.node))) {
    graph.read.add(node)
    for (const name of [...textInputs, ...secondTextInputs]) {
      const text = resolveText(graph, node.inputs[name])
      if (text !== undefined) texts.add(text)
    }
  }
  return [...texts]
}

/** The nodes a conditioning is made of, nearest first. Nodes with two sides keep them apart by output. */
function conditioningOrigins(graph: ComfyGraph, input: unknown): Origin[] {
  return walkUpstream(graph, [input], conditioningInputs, mostNodes)
}

function conditioningInputs({ node, output, slot }: Origin): unknown[] {
  if (isZeroed(node) || slot !== undefined) return []
  const { inputs } = node
  if (output === 1 && Object.hasOwn(inputs, 'negative')) return [inputs.negative]
  const names = Object.keys(inputs).filter(
    (name) => /^(cond|clip_regions$)/i.test(name) || (name === 'positive' && output === 0),
  )
  // "to" stands before "from" in what is drawn, whatever the order in the file.
  names.sort((one, other) => Number(one.endsWith('_from')) - Number(other.endsWith('_from')))
  return names.map((name) => inputs[name])
}

const hasText = ({ inputs }: ComfyNode, names: readonly string[]) =>
  names.some((name) => Object.hasOwn(inputs, name))

/** Whether a node makes a conditioning out of text. */
const isEncoder = (node: ComfyNode): boolean =>
  hasText(node, [...textInputs, ...secondTextInputs]) ||
  /^Eff(icient|\.) Loader|^easy .*Loader|Positive-Negative|TextEncode/i.test(node.type)

interface Texts {
  first: Set<string>
  second: Set<string>
}

function addTexts(
  graph: ComfyGraph,
  { node, slot }: Origin,
  side: (typeof sides)[number],
  texts: Texts,
  draft: GenerationDraft,
): void {
  const own = slot === 'positive' || slot === 'negative' ? [slot] : []
  const bySide = [side, `${side}_l`, `${side}_prompt`, `text_${side}`]
  const hasSides = hasText(node, [...bySide, `${side}_g`])
  const names = own.length > 0 ? own : hasSides ? bySide : textInputs
  const secondNames = own.length > 0 ? [] : hasSides ? [`${side}_g`] : secondTextInputs
  for (const [found, candidates] of [
    [texts.first, names],
    [texts.second, secondNames],
  ] as const) {
    for (const name of candidates.filter((candidate) => Object.hasOwn(node.inputs, candidate))) {
      const text = resolveText(graph, node.inputs[name])
      if (text === undefined)
        draft.leave(
          `node ${node.id}`,
          describeText(graph, node, name),
          'its text comes from nodes that are not known',
        )
      else if (text !== '' || !found.has('')) found.add(text)
    }
  }
  dropEmpty(texts)
}

/** Fields left empty beside a text that is there say nothing. */
function dropEmpty({ first, second }: Texts): void {
  if (first.size + second.size < 2) return
  first.delete('')
  second.delete('')
}

/** An encoder and the node its text comes from, with what that node holds. */
function describeText(graph: ComfyGraph, node: ComfyNode, name: string): string {
  const source = walkUpstream(graph, [node.inputs[name]], () => [])[0]?.node
  return source ? `${node.type} ← ${describeNode(graph, source)}` : describeNode(graph, node)
}

function leaveConditioning(
  graph: ComfyGraph,
  node: ComfyNode,
  side: (typeof sides)[number],
  draft: GenerationDraft,
): void {
  if (appliesControl.test(node.type)) {
    // It steers the negative side as well, and is one.
    const isSaid = side === 'negative' && Object.hasOwn(node.inputs, 'negative')
    if (isSaid || readControl(graph, node, side, draft)) return
  }
  if (!joinsTexts.test(node.type)) draft.leave(side, describeNode(graph, node), conditioningReason(node.type))
}

/** Settings of encoders that stand for "as everywhere". */
const plainSettings = new Set<unknown>(['none', 'comfy', '', 0, false, 'CHOOSE', 'disabled'])
const sizes = ['width', 'height', 'crop_w', 'crop_h', 'target_width', 'target_height']
/** Settings of encoders that change how a text is read. */
const weighing = [
  'parser',
  'weight_interpretation',
  'token_normalization',
  'ascore',
  'guidance',
  'system_prompt',
]

function readEncoder(
  graph: ComfyGraph,
  node: ComfyNode,
  side: (typeof sides)[number],
  draft: GenerationDraft,
): void {
  if (side === 'positive') readSizeConditioning(graph, node, draft)
  const special = weighing.filter(
    (name) =>
      Object.hasOwn(node.inputs, name) &&
      !plainSettings.has(node.inputs[name]) &&
      (name !== 'ascore' || /Refiner/.test(node.type)),
  )
  if (special.length === 0) return
  const values = special.map((name) => `${name}: ${String(resolveValue(graph, node.inputs[name], name))}`)
  draft.leave(
    side,
    `${node.type} (${values.join(', ')})`,
    'reads its text in a way that has no counterpart here',
  )
}

/** What CLIPTextEncodeSDXL and nodes like it tell the model of the picture's past. */
function readSizeConditioning(graph: ComfyGraph, { type, inputs }: ComfyNode, draft: GenerationDraft): void {
  if (!sizes.every((name) => Object.hasOwn(inputs, name))) return
  const value = (name: string) => resolveValue(graph, inputs[name], name.replace('target_', ''))
  if (value('width') === 0) return
  const conditioning = {
    originalWidth: value('width'),
    originalHeight: value('height'),
    cropLeft: value('crop_w'),
    cropTop: value('crop_h'),
    targetWidth: value('target_width'),
    targetHeight: value('target_height'),
  }
  draft.set('sizeConditioning', conditioning, type)
}

/** Clip skip is a node between the text encoder and the texts; -1 is the last layer. */
function readClip(
  graph: ComfyGraph,
  encoders: readonly Origin[],
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): void {
  const clips = encoders.map(({ node }) => inputOf(graph, node, 'clip'))
  const upstream = walkUpstream(graph, clips, ({ node }) => [inputOf(graph, node, 'clip')])
  for (const { node } of [...encoders, ...upstream]) {
    const { stop_at_clip_layer: stop, clip_skip: skip, base_clip_skip: base } = node.inputs
    const layer = resolveValue(graph, stop ?? skip ?? base, 'clip_skip')
    if (typeof layer !== 'number') continue
    if (node.type === 'CLIPSetLastLayer') used.add(node)
    setClipSkip(layer, draft)
  }
}

const setClipSkip = (layer: unknown, draft: GenerationDraft): boolean =>
  draft.set('clipSkip', typeof layer === 'number' && layer < 0 ? -layer : undefined, 'stop_at_clip_layer')
