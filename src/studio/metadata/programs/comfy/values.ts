import {
  chosenInput,
  inputOf,
  isLink,
  originOf,
  type ComfyGraph,
  type ComfyNode,
  type Origin,
} from './graph.ts'
import { slotNames, switchTypes } from './nodes.ts'

type Value = string | number | boolean

const isValue = (input: unknown): input is Value =>
  typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean'

/** Numbers that are written as texts, but for seeds that a double does not hold. */
const isShortNumber = /^\s*[+-]?(\d{1,15}|\d{0,15}\.\d{1,20})\s*$/

/** Inputs under which nodes that only hold a value keep it. */
const valueInputs = ['value', 'Value', 'int', 'float', 'number', 'Number', 'integer', 'source']
const textInputs = [
  ...['populated_text', 'text', 'Text', 'string', 'String', 'prompt', 'Prompt', 'value', 'Value'],
  ...['positive', 'negative', 'text_0', 'text1', 'source'],
]
/** Nodes that make another value out of theirs, which is not in the file. */
const computes =
  /math|multipl|divide|add\b|random|wildcard|dpr|style|translat|llm|gpt|ollama|caption|tagger|replace|regex|increment|calc|generate|enhance|rewrite|expand|describe|interrogat|chat/i

const deepest = 20

/**
 * A setting of a node by what it is for, given directly, in a bundle, or by nodes that hand a value on; undefined
 * where it cannot be told.
 */
export function valueOf(graph: ComfyGraph, node: ComfyNode, slot: string): Value | undefined {
  return resolveValue(graph, inputOf(graph, node, slot), slot)
}

/** What an input's value is, where a node that holds it keeps it under its name or under a general one. */
export function resolveValue(graph: ComfyGraph, input: unknown, slot: string): Value | undefined {
  let value = input
  for (let depth = 0; depth < deepest; depth++) {
    if (isValue(value))
      return typeof value === 'string' && isShortNumber.test(value) && !slot.endsWith('_name')
        ? Number(value)
        : value
    const origin = originOf(graph, value)
    if (!origin) return undefined
    value = heldValue(graph, origin, slot)
    if (value !== undefined) graph.read.add(origin.node)
  }
  return undefined
}

function heldValue(graph: ComfyGraph, { node, output, slot: handedOut }: Origin, slot: string): unknown {
  if (handedOut !== undefined) return inputOf(graph, node, handedOut)
  if (switchTypes.test(node.type)) return chosenInput(graph, node, output)
  const size = slot === 'width' || slot === 'height' ? namedSize(node) : undefined
  if (size) return size[slot as 'width' | 'height']
  const names = computes.test(node.type) ? slotNames(slot) : [...slotNames(slot), ...valueInputs]
  return node.inputs[names.find((name) => Object.hasOwn(node.inputs, name)) ?? '']
}

/** A text that an input holds or is linked to; undefined where nodes make it that are not known. */
export function resolveText(graph: ComfyGraph, input: unknown, depth = 0): string | undefined {
  if (typeof input === 'string') return input
  if (!isLink(input) || depth > deepestText) return undefined
  const key = `${input[0]}:${input[1]}`
  if (!graph.texts.has(key)) {
    // Stands while the text is looked up, so that a text made of itself comes to an end.
    graph.texts.set(key, undefined)
    graph.texts.set(key, heldText(graph, input, depth))
  }
  return graph.texts.get(key)
}

const deepestText = 100

function heldText(graph: ComfyGraph, input: unknown, depth: number): string | undefined {
  const origin = originOf(graph, input)
  if (!origin) return undefined
  const { node, output, slot } = origin
  const inner = (value: unknown) => resolveText(graph, value, depth + 1)
  if (slot !== undefined) return inner(inputOf(graph, node, slot))
  if (switchTypes.test(node.type)) {
    graph.read.add(node)
    return inner(chosenInput(graph, node, output))
  }
  const delimiter = delimiterOf(node, inner)
  const own = delimiter === undefined ? ownText(node, output) : undefined
  if (delimiter === undefined && own === undefined) return undefined
  graph.read.add(node)
  return delimiter === undefined ? inner(node.inputs[own!]) : joined(node, delimiter, inner)
}

type ResolveText = (input: unknown) => string | undefined

const separators = ['delimiter', 'separator']
const joiningTypes = /concat|join|combine|append/i

/** What a node that joins texts puts between them; undefined for other nodes. */
function delimiterOf({ type, inputs }: ComfyNode, resolve: ResolveText): string | undefined {
  if (!joiningTypes.test(type)) return undefined
  const name = separators.find((candidate) => Object.hasOwn(inputs, candidate))
  const delimiter = name === undefined ? undefined : resolve(inputs[name])
  return delimiter?.replaceAll('\\n', '\n')
}

const longestJoined = 100_000

function joined(node: ComfyNode, delimiter: string, resolve: ResolveText): string | undefined {
  const names = Object.keys(node.inputs).filter((name) =>
    /^(text|string|str|prompt|part)_?([a-z]|\d{1,3})$/i.test(name),
  )
  names.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  const clean = String(node.inputs.clean_whitespace) === 'true'
  const parts: string[] = []
  let length = 0
  for (const name of names) {
    const text = resolve(node.inputs[name])
    if (text === undefined) return undefined
    const part = clean ? text.trim() : text
    if (part !== '' || !clean) parts.push(part)
    length += part.length
    if (length > longestJoined) return undefined
  }
  return names.length > 0 ? parts.join(delimiter) : undefined
}

/** Inputs of nodes that make a text rather than hold one. */
const changesText = /^(seed|noise_seed|temperature|model|max_.*|api_key|style|styles|llm.*|image|images)$/

/** The input that holds a node's only text. A node that could change its text on the way does not count. */
function ownText({ type, inputs }: ComfyNode, output: number): string | undefined {
  if (Object.hasOwn(inputs, 'populated_text')) return 'populated_text'
  if (computes.test(type) || Object.keys(inputs).some((name) => changesText.test(name))) return undefined
  const side = ['positive', 'negative', 'positive', 'negative'][output]
  if (Object.hasOwn(inputs, 'positive') && Object.hasOwn(inputs, 'negative')) return side
  const known = textInputs.find((name) => Object.hasOwn(inputs, name))
  if (known !== undefined) return known
  const texts = Object.keys(inputs).filter((name) => typeof inputs[name] === 'string')
  return texts.length === 1 ? texts[0] : undefined
}

const sizeTexts = ['dimensions', 'resolution', 'aspect_ratio', 'size', 'ratio', 'preset', 'image_size_preset']

/** The size a node names: as width and height, or in a text such as "1024 x 1024  (square)". */
export function sizeOfNode(
  graph: ComfyGraph,
  node: ComfyNode,
): { width: unknown; height: unknown } | undefined {
  const named = namedSize(node)
  if (named) return named
  const side = (slot: string) => {
    const name = slotNames(slot).find((candidate) => Object.hasOwn(node.inputs, candidate))
    return name === undefined ? undefined : resolveValue(graph, node.inputs[name], slot)
  }
  const [width, height] = [side('width'), side('height')]
  return width === undefined || height === undefined ? undefined : { width, height }
}

function namedSize({ inputs }: ComfyNode): { width: number; height: number } | undefined {
  for (const name of sizeTexts) {
    const text = inputs[name]
    const size = typeof text === 'string' ? /(\d{2,5})\s*[x×*]\s*(\d{2,5})/.exec(text.slice(0, 200)) : null
    if (!size) continue
    const sides = [Number(size[1]), Number(size[2])]
    if (isSwapped(inputs, sides)) sides.reverse()
    return { width: sides[0], height: sides[1] }
  }
  return undefined
}

function isSwapped(inputs: ComfyNode['inputs'], [width, height]: number[]): boolean {
  const { swap_dimensions: swap, invert, direction, orientation } = inputs
  const wanted = [direction, orientation]
  if (wanted.includes('portrait')) return width > height
  if (wanted.includes('landscape')) return width < height
  return swap === 'On' || swap === true || invert === true
}

const mostShown = 600

/** A node for a person to read: its class, its values, and the files of loaders that it is linked to. */
export function describeNode(graph: ComfyGraph, { type, inputs }: ComfyNode): string {
  const shown: string[] = []
  let length = type.length
  for (const [name, input] of Object.entries(inputs)) {
    if (length > mostShown) break
    const value = isLink(input) ? linkedName(graph, input, name) : showInput(input)
    if (value === undefined) continue
    shown.push(`${name}: ${value}`)
    length += name.length + value.length
  }
  const values = shown.join(', ')
  const cut = values.length > mostShown ? `${values.slice(0, mostShown)}…` : values
  return cut === '' ? type : `${type} (${cut})`
}

const showInput = (input: unknown): string | undefined => {
  if (input === null || input === undefined || input === '') return undefined
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

const fileInputs =
  /^(image|url|ipadapter_file|upscale_model|.*_path|(ckpt|unet|vae|lora|model|control_net|clip|style_model)_name\d?)$/

function linkedName(graph: ComfyGraph, input: unknown, name: string): string | undefined {
  const node = originOf(graph, input)?.node
  const file =
    node &&
    Object.entries(node.inputs).find(([key, value]) => fileInputs.test(key) && typeof value === 'string')
  if (node && file) {
    // Of a loader with nothing but a file nothing is left to say.
    if (Object.keys(node.inputs).length === 1 && /Loader/.test(node.type)) graph.read.add(node)
    return showInput(file[1])
  }
  return showInput(
    resolveValue(graph, input, name) ?? (/text|prompt/i.test(name) ? resolveText(graph, input) : undefined),
  )
}
