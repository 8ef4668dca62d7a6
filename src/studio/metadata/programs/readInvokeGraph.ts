import type { Generation } from '../../../shared/library/generation.ts'
import { isObject, type JsonObject } from '../tolerantJson.ts'
import { draftGeneration, toSeed, toText, type GenerationDraft } from './generationDraft.ts'
import { setInvokeScheduler } from './method.ts'

interface Node {
  id: string
  type: string
  values: JsonObject
}

interface Edge {
  source: string
  target: string
  field: string
}

const drawn = 'is what is drawn in the workflow; what ran may be another'

/**
 * Reads InvokeAI's graph or drawn workflow where nothing else is in the file: the one denoising node, and what is
 * linked to it. A graph is `nodes` by id and `edges` between fields; a workflow is lists of both, drawn.
 */
export function readInvokeGraph(json: JsonObject, text: string): Generation {
  const nodes = nodesOf(json.nodes)
  const draft = draftGeneration('InvokeAI', text)
  draft.set('seedConvention', 'InvokeAI', 'seed')
  const denoising = nodes.filter(({ type }) =>
    /denoise_(latents|meta)|^denoise|^t2l$|^(txt|img)2img$/.test(type),
  )
  if (denoising.length === 1) readDenoising(draft, denoising[0], nodes, edgesOf(json.edges))
  else draft.leave('workflow', nodeTypes(nodes), 'holds no node of its own that draws one picture')
  draft.leave('workflow', nodeTypes(nodes), drawn)
  return draft.finish()
}

const nodeTypes = (nodes: readonly Node[]): string =>
  `${nodes.length} nodes: ${[...new Set(nodes.map(({ type }) => type))].join(', ').slice(0, 1000)}`

function readDenoising(
  draft: GenerationDraft,
  { id, values }: Node,
  nodes: readonly Node[],
  edges: readonly Edge[],
): void {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const linked = (target: string, fields: RegExp) =>
    byId.get(edges.find((edge) => edge.target === target && fields.test(edge.field))?.source ?? '')
  const textOf = (field: RegExp) =>
    linked(id, field)?.values.prompt ?? linked(id, field)?.values.positive_prompt
  draft.set('prompt', textOf(/^positive_conditioning$/), 'positive_conditioning')
  draft.set('negativePrompt', textOf(/^negative_conditioning$/), 'negative_conditioning')
  draft.set('steps', values.steps, 'steps')
  draft.set('guidanceScale', values.cfg_scale, 'cfg_scale')
  if (values.scheduler !== undefined) setInvokeScheduler(draft, values.scheduler)
  const noise = linked(id, /^noise$/)?.values ?? {}
  draft.set('seed', toSeed(noise.seed ?? values.seed), 'seed')
  draft.set('width', noise.width, 'width')
  draft.set('height', noise.height, 'height')
  const model = nodes.find(({ type }) => /model_loader$/.test(type))?.values.model
  if (isObject(model)) {
    draft.setModel(model.name ?? model.model_name, model.hash)
    draft.tellFamily(model.base)
  }
}

/** The nodes of a graph, by id, or of a drawn workflow, whose values lie under `data.inputs`. */
function nodesOf(nodes: unknown): Node[] {
  const list: unknown[] = Array.isArray(nodes) ? nodes : isObject(nodes) ? Object.values(nodes) : []
  return list.filter(isObject).flatMap((node) => {
    const data = isObject(node.data) ? node.data : node
    if (typeof data.type !== 'string') return []
    const inputs = isObject(data.inputs) ? data.inputs : undefined
    const values = inputs
      ? Object.fromEntries(
          Object.entries(inputs).map(([key, input]) => [key, isObject(input) ? input.value : input]),
        )
      : data
    return [{ id: String(node.id ?? data.id), type: data.type, values }]
  })
}

function edgesOf(edges: unknown): Edge[] {
  if (!Array.isArray(edges)) return []
  return (edges as unknown[]).filter(isObject).map((edge) => {
    const [source, target] = [edge.source, edge.destination ?? edge.target].map((end) =>
      isObject(end) ? { id: end.node_id, field: end.field } : { id: end, field: undefined },
    )
    return {
      source: String(source.id),
      target: String(target.id),
      field: toText(target.field ?? edge.targetHandle) ?? '',
    }
  })
}
