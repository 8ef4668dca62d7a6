import type { Generation } from '../../../shared/library/generation.ts'
import type { Picture } from '../picture.ts'
import { readA1111 } from './readA1111.ts'
import { readComfy } from './readComfy.ts'

/**
 * Reads a picture of ComfyUI, or of a program that runs it. Nodes that save a picture may write an infotext beside
 * the graph, out of what stands in their own fields: the graph is what ran, the text fills in what it does not tell.
 */
export function readComfyPicture(picture: Picture): Generation | null {
  const graph = readComfy(picture)
  if (!graph) return null
  const named = withSite(graph)
  const written = readA1111(picture)
  return written && tellsSettings(written) ? withText(named, written) : named
}

/** Civitai names its models by address. */
const withSite = (graph: Generation): Generation =>
  graph.model?.name.startsWith('urn:air:') ? { ...graph, source: 'Civitai (ComfyUI)' } : graph

const tellsSettings = ({ request }: Generation): boolean =>
  [request.steps, request.seed, request.sampler].some((value) => value !== undefined)

type Field = keyof Generation['request']

/** What a text says of itself alone: whose noise it is, and a strength without a picture. */
const notTaken = new Set<Field>(['seedConvention', 'denoiseStrength'])

function withText(graph: Generation, written: Generation): Generation {
  const source = written.source === 'StabilityMatrix' ? written.source : graph.source
  if (!tellsSettings(graph)) {
    const { denoiseStrength: _, ...request } = written.request
    const unmapped = [...graph.unmapped, ...written.unmapped]
    return { ...written, source, request: { ...request, seedConvention: 'ComfyUI' }, unmapped }
  }
  const fields = (Object.keys(written.request) as Field[]).filter((field) => !notTaken.has(field))
  const isMissing = (field: Field) => (graph.request[field] ?? '') === ''
  const missing = fields.filter(isMissing).map((field) => [field, written.request[field]] as const)
  const other = fields.filter(
    (field) => !isMissing(field) && !isSame(graph.request[field], written.request[field]),
  )
  const unmapped = [...graph.unmapped]
  if (other.length > 0) {
    const value = other.map((field) => `${field}: ${JSON.stringify(written.request[field])}`).join(', ')
    unmapped.push({ key: 'parameters', value, reason: 'is not what the graph says that ran, which is taken' })
  }
  return {
    ...graph,
    source,
    request: { ...graph.request, ...(Object.fromEntries(missing) as Generation['request']) },
    model: graph.model ?? written.model,
    unmapped,
  }
}

const isSame = (one: unknown, other: unknown): boolean => plain(one) === plain(other)
const plain = (value: unknown): string =>
  typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : JSON.stringify(value)
