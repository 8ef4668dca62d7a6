import { findSampler, findSchedule } from '../../../../shared/models/samplers.ts'
import { plainFileName, type GenerationDraft } from '../generationDraft.ts'
import { needUpscaler } from '../secondPass.ts'
import { inputOf, originOf, walkUpstream, type ComfyGraph, type ComfyNode } from './graph.ts'
import { pixelInputs, sizeOfPass } from './passes.ts'
import { describePass } from './settings.ts'
import { describeNode, resolveValue, valueOf } from './values.ts'

/** What may lie between two passes: latents or pixels that are enlarged, and the way from one to the other. */
const between =
  /^(LatentUpscale(By)?|ImageScale(By|ToTotalPixels)?|ImageUpscaleWithModel|VAE(Decode|Encode)(Tiled)?|Reroute.*)$/

const upscalers: Readonly<Record<string, string | undefined>> = {
  __proto__: null as never,
  'LatentUpscale bilinear': 'Latent',
  'LatentUpscale bicubic': 'Latent (bicubic)',
  'LatentUpscale nearest-exact': 'Latent (nearest-exact)',
  'ImageScale lanczos': 'Lanczos',
  'ImageScale nearest-exact': 'Nearest',
}

/**
 * Takes a further sampler over as a second pass where it is one: plain, right behind the first one but for an
 * enlargement, with its model and its texts. Its nodes are then known. Answers whether it was.
 */
export function readSecondPass(
  graph: ComfyGraph,
  [first, second]: readonly [ComfyNode, ComfyNode],
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): boolean {
  const way = walkUpstream(graph, pixelInputs(graph, { node: second, output: 0 }), (origin) =>
    origin.node === first ? [] : pixelInputs(graph, origin),
  ).map(({ node }) => node)
  const nodes = way.filter((node) => node !== first)
  const isPlain = second.type === 'KSampler' && nodes.every(({ type }) => between.test(type))
  const isSame = (slot: string): boolean =>
    originOf(graph, inputOf(graph, first, slot))?.node === originOf(graph, inputOf(graph, second, slot))?.node
  if (!isPlain || !way.includes(first) || !['model', 'positive', 'negative'].every(isSame)) return false
  const upscaler = upscalerOf(graph, nodes)
  const [width, height] = sizeOfPass(graph, second)?.split('x').map(Number) ?? []
  if (upscaler === undefined || width === undefined) return false
  const [sampler, schedule] = ['sampler_name', 'scheduler'].map((slot) =>
    String(valueOf(graph, second, slot) ?? ''),
  )
  const hires = {
    ...{ width, height, upscaler },
    steps: valueOf(graph, second, 'steps'),
    denoiseStrength: valueOf(graph, second, 'denoise'),
    guidanceScale: valueOf(graph, second, 'cfg'),
    sampler: findSampler(sampler) ?? sampler,
    schedule: findSchedule(schedule) ?? schedule,
  }
  if (!draft.set('hires', hires, `node ${second.id}`)) return false
  needUpscaler(draft, upscaler, 'upscaler')
  for (const node of nodes) used.add(node)
  const reason = 'is taken over as the second pass, whose noise follows the seed of the first one'
  draft.leave(`node ${second.id}`, describePass(graph, second), reason)
  return true
}

/** What enlarges: the nearest node of those that do; undefined for a way that is not known here. */
function upscalerOf(graph: ComfyGraph, nodes: readonly ComfyNode[]): string | undefined {
  const model = nodes.find(({ type }) => type === 'ImageUpscaleWithModel')
  const name =
    model && valueOf(graph, originOf(graph, model.inputs.upscale_model)?.node ?? model, 'model_name')
  if (model) {
    // The loader has nothing else to say.
    describeNode(graph, model)
    return name === undefined ? undefined : plainFileName(name)
  }
  const scaling = nodes.find(({ type }) => /Upscale|Scale/.test(type))
  if (!scaling) return 'Latent'
  const method = resolveValue(graph, scaling.inputs.upscale_method, 'upscale_method')
  return upscalers[`${scaling.type.startsWith('Latent') ? 'LatentUpscale' : 'ImageScale'} ${String(method)}`]
}
