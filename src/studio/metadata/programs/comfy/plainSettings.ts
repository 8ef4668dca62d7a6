import type { GenerationDraft } from '../generationDraft.ts'
import type { ComfyGraph, ComfyNode } from './graph.ts'
import { addLoras, lorasOf } from './model.ts'
import { slotNames } from './nodes.ts'
import { setSampling } from './settings.ts'
import { resolveText, sizeOfNode } from './values.ts'

const positives = ['positive', 'positive_prompt', 'main_prompt']
const negatives = ['negative', 'negative_prompt', 'negative_main_prompt']
const models = [...slotNames('ckpt_name'), 'base_checkpoint']

/** Nodes whose models do not draw. */
const otherModels = /upscale|control_?net|clip|vae|lora|adapter|sam|detector/i

/**
 * Packs that sample in ways of their own (Searge's SDXL, for one) still keep their settings in nodes under plain
 * names. Takes what only one node can mean: seed and steps of one node, both texts of one node, the first model.
 */
export function readPlainSettings(graph: ComfyGraph, draft: GenerationDraft): void {
  const nodes = [...graph.nodes.values()]
  const settings = nodes.filter(
    ({ inputs }) =>
      typeof inputs.steps === 'number' && slotNames('seed').some((name) => Object.hasOwn(inputs, name)),
  )
  if (settings.length === 1) {
    graph.read.add(settings[0])
    setSampling(graph, settings[0], draft)
    const size = sizeOfNode(graph, settings[0])
    draft.set('width', size?.width, 'width')
    draft.set('height', size?.height, 'height')
  }
  for (const [field, names] of [
    ['prompt', positives],
    ['negativePrompt', negatives],
  ] as const) {
    const texts = new Set(nodes.flatMap((node) => textUnder(graph, node, names)))
    if (texts.size === 1) draft.set(field, [...texts][0], names[0])
  }
  const loaders = nodes.filter(({ type }) => !otherModels.test(type))
  const loader = loaders.find(({ inputs }) => models.some((name) => typeof inputs[name] === 'string'))
  const model = loader && models.find((name) => typeof loader.inputs[name] === 'string')
  if (loader && model !== undefined) {
    graph.read.add(loader)
    draft.setModel(loader.inputs[model])
  }
  addLoras(draft, nodes.flatMap(lorasOf))
}

function textUnder(graph: ComfyGraph, node: ComfyNode, names: readonly string[]): string[] {
  const texts = names.map((name) => resolveText(graph, node.inputs[name]))
  return texts.filter((text): text is string => text !== undefined)
}
