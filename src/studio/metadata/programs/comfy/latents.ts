import type { GenerationDraft } from '../generationDraft.ts'
import { startedFromPicture } from '../generationDraft.ts'
import {
  isLink,
  originOf,
  walkUpstream,
  withBundles,
  type ComfyGraph,
  type ComfyNode,
  type Origin,
} from './graph.ts'
import { isCarrier, pixelInputs } from './passes.ts'
import { describeNode, resolveValue, sizeOfNode, valueOf } from './values.ts'

/** Reads what a pass starts from: empty latents of a size, or a picture, and what is done to it on the way. */
export function readLatents(
  graph: ComfyGraph,
  pass: ComfyNode,
  denoise: unknown,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): void {
  const start: Origin = { node: pass, output: 0 }
  const origins = walkUpstream(graph, pixelInputs(graph, start), (origin) =>
    pixelInputs(graph, origin),
  ).filter(({ node }) => !isCarrier(node) && !graph.samplers.has(node))
  const nodes = origins.map(({ node }) => node)
  for (const node of nodes) used.add(node)

  const isEmpty = (node: ComfyNode) =>
    /^Empty|Empty ?Latent|^Eff(icient|\.) Loader|^easy .*Loader/i.test(node.type)
  const isPicture = (origin: Origin) => !isEmpty(origin.node) && holdsPicture(graph, origin)
  const fromPicture = origins.some(isPicture)
  if (fromPicture) draft.set('denoiseStrength', denoise, 'denoise')
  else if (typeof denoise === 'number' && denoise !== 1) {
    draft.leave('denoise', denoise, 'has no counterpart here without a picture to start from')
  }
  for (const { type } of nodes) {
    draft.tellFamily(type)
    if (foreignLatents.test(type)) draft.tellForeignLatents(type)
  }
  setSize(graph, nodes.length > 0 ? nodes : [...withBundles(graph, pass)], draft)
  for (const origin of origins) {
    const { node } = origin
    leaveMask(graph, node, draft)
    if (isPicture(origin)) draft.leave('image', describeNode(graph, node), startedFromPicture)
    else if (
      !isEmpty(node) &&
      !/^VAEEncode|Set(Latent)?Noise|Mask$/.test(node.type) &&
      !isSource(graph, origin)
    ) {
      draft.leave(
        `node ${node.id}`,
        describeNode(graph, node),
        'changes the picture before the drawing in a way that has no counterpart here',
      )
    }
  }
}

/** Empty latents of more channels than those of Stable Diffusion 1, 2 and XL have, or of several frames. */
const foreignLatents =
  /^Empty(SD3|Flux|Hunyuan|Qwen|Chroma|Cosmos|LTX|Mochi|Wan|Ace|Krea|HiDream)|Cascade_Empty/

/** Whether a node has no pixels of other nodes to start from. */
const isSource = (graph: ComfyGraph, origin: Origin): boolean =>
  !pixelInputs(graph, origin).some((input) => originOf(graph, input) !== undefined)

/** Whether a node brings a picture from a file or from outside. */
function holdsPicture(graph: ComfyGraph, origin: Origin): boolean {
  const { type, inputs } = origin.node
  if (/load.*image|image.*(load|input|receiver)|base64/i.test(type)) return true
  return isSource(graph, origin) && typeof inputs.image === 'string'
}

/** The size is that of the nearest node that names one in pixels. */
function setSize(graph: ComfyGraph, nodes: readonly ComfyNode[], draft: GenerationDraft): void {
  const sized = nodes.find((node) => Number(sizeOfNode(graph, node)?.width) > 0)
  const size = sized && sizeOfNode(graph, sized)
  draft.set('width', size?.width, 'width')
  draft.set('height', size?.height, 'height')
  const batch = nodes.find((node) => Object.hasOwn(node.inputs, 'batch_size'))
  if (batch) draft.set('batchSize', valueOf(graph, batch, 'batch_size'), 'batch_size')
}

/** A mask that is linked to a node on the way, or that its class is for. */
function leaveMask(graph: ComfyGraph, node: ComfyNode, draft: GenerationDraft): void {
  const link = Object.entries(node.inputs).find(([name, input]) => /mask/i.test(name) && isLink(input))
  if (!link && !/inpaint/i.test(node.type)) return
  const grown = resolveValue(graph, node.inputs.grow_mask_by, 'grow_mask_by')
  const suffix = grown === undefined ? '' : `, grown by ${String(grown)}`
  draft.leave('mask', `${node.type}${suffix}`, 'painted only under a mask that the file does not hold')
}
