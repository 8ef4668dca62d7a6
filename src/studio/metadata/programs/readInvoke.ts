import type { Generation } from '../../../shared/library/generation.ts'
import type { Picture } from '../picture.ts'
import { isObject, requireObject, type JsonObject } from '../tolerantJson.ts'
import { addControl, controlMode } from './controlUnits.ts'
import {
  draftGeneration,
  noCounterpart,
  notLoaded,
  startedFromPicture,
  toNumber,
  underMask,
  type GenerationDraft,
} from './generationDraft.ts'
import { setInvokeScheduler } from './method.ts'
import { readDream, readSdMetadata } from './readInvokeEarly.ts'
import { readInvokeGraph } from './readInvokeGraph.ts'

/** Keys that change no pixels. */
const harmless = new Set([
  'generation_mode',
  'rand_device',
  'app_version',
  'model',
  'positive_prompt',
  'negative_prompt',
])

type Reader = (draft: GenerationDraft, value: unknown) => void

const readers: Record<string, Reader | undefined> = {
  __proto__: null as never,
  width: (draft, value) => draft.set('width', value, 'width'),
  height: (draft, value) => draft.set('height', value, 'height'),
  seed: (draft, value) => draft.set('seed', value, 'seed'),
  cfg_scale: (draft, value) => draft.set('guidanceScale', value, 'cfg_scale'),
  cfg_rescale_multiplier: (draft, value) => draft.set('guidanceRescale', value, 'cfg_rescale_multiplier'),
  steps: (draft, value) => draft.set('steps', value, 'steps'),
  scheduler: (draft, value) => setInvokeScheduler(draft, value),
  // It counts the layers left out: 0 is the last one.
  clip_skip: (draft, value) => {
    const layers = toNumber(value)
    draft.set('clipSkip', typeof layers === 'number' ? layers + 1 : layers, 'clip_skip')
  },
  positive_style_prompt: (draft, value) => draft.set('prompt2', value || undefined, 'positive_style_prompt'),
  negative_style_prompt: (draft, value) =>
    draft.set('negativePrompt2', value || undefined, 'negative_style_prompt'),
  strength: (draft, value) => draft.set('denoiseStrength', value, 'strength'),
  init_image: (draft, value) => draft.leave('init_image', value, startedFromPicture),
  loras: (draft, value) => {
    for (const lora of (Array.isArray(value) ? (value as unknown[]) : [value]).slice(0, mostLoras)) {
      if (isObject(lora)) readLora(draft, lora)
      else draft.leave('LoRA', lora, notLoaded)
    }
  },
  controlnets: (draft, value) => readControls(draft, value, 'controlnets'),
  t2iAdapters: (draft, value) => readControls(draft, value, 't2iAdapters'),
  canvas_v2_metadata: (draft) => draft.leave('canvas_v2_metadata', 'a canvas of layers', noCounterpart),
}

const mostLoras = 50

/** Both kinds have the same fields; the weight goes by two names, and the network by two. */
function readControls(draft: GenerationDraft, value: unknown, key: string): void {
  for (const control of (Array.isArray(value) ? (value as unknown[]) : []).filter(isObject)) {
    const { control_model: net, t2i_adapter_model: adapter } = control
    const named = isObject(net) ? net : isObject(adapter) ? adapter : {}
    const found = {
      model: named.name ?? named.model_name,
      weight: control.control_weight ?? control.weight,
      start: control.begin_step_percent,
      end: control.end_step_percent,
      mode: controlMode(control.control_mode),
    }
    addControl(draft, found, key, control)
  }
}

/** A LoRA by the name and weight that InvokeAI writes: `{ model | lora: { name }, weight }`. */
function readLora(draft: GenerationDraft, { model, lora, weight }: JsonObject): void {
  const named = isObject(model) ? model : isObject(lora) ? lora : {}
  const name = named.name ?? named.model_name ?? named.key
  draft.addLora({ name, unet: weight, text: weight }, `${String(name)} (weight ${String(weight)})`)
}

/** Reads what InvokeAI writes, in any of the forms it had from its first version on. */
export function readInvoke({ texts }: Picture): Generation | null {
  const text = texts.get('invokeai_metadata')
  if (text !== undefined) return readMetadata(requireObject(text, 'invokeai_metadata'), text)
  const early = texts.get('sd-metadata') ?? texts.get('Sd-metadata')
  if (early !== undefined) return readSdMetadata(requireObject(early, 'sd-metadata'), early)
  const line = texts.get('Dream')
  if (line !== undefined) return readDream(line)
  for (const keyword of ['invokeai_graph', 'invokeai_workflow']) {
    const graph = texts.get(keyword)
    if (graph !== undefined) return readGraph(requireObject(graph, keyword), graph)
  }
  return null
}

/** A graph may hold the metadata as a node of its own. */
function readGraph(graph: JsonObject, text: string): Generation {
  const nodes = isObject(graph.nodes) ? Object.values(graph.nodes) : []
  const metadata = nodes.find((node) => isObject(node) && node.type === 'core_metadata')
  return isObject(metadata)
    ? readMetadata(Object.fromEntries(Object.entries(metadata).filter(([key]) => !isOfNode.has(key))), text)
    : readInvokeGraph(graph, text)
}

const isOfNode = new Set(['id', 'type', 'is_intermediate', 'use_cache'])

/** Reads the metadata of InvokeAI 3 and later. */
function readMetadata(metadata: JsonObject, text: string): Generation {
  const draft = draftGeneration('InvokeAI', text)
  draft.set('prompt', metadata.positive_prompt, 'positive_prompt')
  draft.set('negativePrompt', metadata.negative_prompt, 'negative_prompt')
  const onCard = metadata.rand_device !== undefined && metadata.rand_device !== 'cpu'
  draft.set('seedConvention', onCard ? 'AUTOMATIC1111 GPU' : 'InvokeAI', 'seed')
  readModel(draft, metadata.model)
  draft.tellFamily(metadata.generation_mode)
  if (/inpaint|outpaint/.test(String(metadata.generation_mode)))
    draft.leave('generation_mode', metadata.generation_mode, underMask)
  for (const [key, value] of Object.entries(metadata)) {
    if (!harmless.has(key)) readValue(draft, key, value)
  }
  return draft.finish()
}

function readValue(draft: GenerationDraft, key: string, value: unknown): void {
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0)
  if (readers[key] && !isEmpty) readers[key](draft, value)
  // Whatever is empty, false or zero says that a feature was not used.
  else if (!isEmpty && value !== false && value !== 0 && value !== '') draft.leave(key, value, noCounterpart)
}

function readModel(draft: GenerationDraft, model: unknown): void {
  if (!isObject(model)) return draft.setModel(model)
  draft.setModel(model.name ?? model.model_name, model.hash)
  draft.tellFamily(model.base ?? model.base_model)
}
