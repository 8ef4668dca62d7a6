import { findSampler, findSchedule } from '../../../../shared/models/samplers.ts'
import { toSeed, type GenerationDraft } from '../generationDraft.ts'
import { originOf, walkUpstream, type ComfyGraph, type ComfyNode } from './graph.ts'
import { samplersByType, slotNames } from './nodes.ts'
import { textsOf } from './texts.ts'
import { describeNode, resolveValue, valueOf } from './values.ts'

/** Reads the numbers and names of a pass: seed, sampler, schedule, steps, guidance. Answers its denoising strength. */
export function readSettings(
  graph: ComfyGraph,
  sampler: ComfyNode,
  guider: ComfyNode,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): unknown {
  const part = (input: string) => {
    const node = originOf(graph, sampler.inputs[input])?.node
    if (node) used.add(node)
    return node
  }
  setSeed(graph, part('noise') ?? sampler, sampler, draft)
  setMethod(graph, part('sampler') ?? sampler, draft)
  const spacing = setSpacing(graph, sampler, used, draft)
  setGuidance(graph, guider, draft)
  readStepRange(graph, sampler, draft)
  leavePackSettings(graph, sampler, draft)
  return valueOf(graph, spacing, 'denoise')
}

/** Reads the numbers and names that one node has all of. */
export function setSampling(graph: ComfyGraph, node: ComfyNode, draft: GenerationDraft): void {
  setSeed(graph, node, node, draft)
  setMethod(graph, node, draft)
  draft.set('steps', valueOf(graph, node, 'steps'), 'steps')
  setSchedule(valueOf(graph, node, 'scheduler'), draft)
  draft.set('guidanceScale', valueOf(graph, node, 'cfg'), 'cfg')
}

/** ComfyUI's noise, unless the node says that it draws noise as AUTOMATIC1111 does (Tensor.Art's `seed_mode`). */
function setSeed(graph: ComfyGraph, noise: ComfyNode, sampler: ComfyNode, draft: GenerationDraft): void {
  const { seed_mode: mode, ensd } = sampler.inputs
  const isA1111 = mode === 'A1111'
  draft.set('seedConvention', isA1111 ? 'AUTOMATIC1111 GPU' : 'ComfyUI', 'seed')
  if (isA1111) draft.set('etaNoiseSeedDelta', resolveValue(graph, ensd, 'ensd'), 'ensd')
  else if (mode !== undefined)
    draft.leave('seed_mode', mode, 'draws its noise in a way that is not known here')
  const seed = valueOf(graph, noise, 'seed')
  draft.set('seed', toSeed(seed), 'seed')
  if (seed === undefined && slotNames('seed').some((name) => Object.hasOwn(noise.inputs, name)))
    draft.leave('seed', describeNode(graph, noise), 'its seed comes from nodes that are not known')
}

/** Settings of nodes that make a sampler. */
const methodSettings = [
  ['eta', 'eta'],
  ['s_noise', 'sNoise'],
] as const

function setMethod(graph: ComfyGraph, method: ComfyNode, draft: GenerationDraft): void {
  const known = samplersByType[method.type]
  if (known === undefined) {
    const name = valueOf(graph, method, 'sampler_name')
    if (name !== undefined) draft.set('sampler', samplerByName(String(name)) ?? name, 'sampler_name')
    else draft.leave('sampler', describeNode(graph, method), 'is a sampler that is not known here')
    return
  }
  const isHeun = known === 'DPM++ 2M SDE' && method.inputs.solver_type === 'heun'
  draft.set('sampler', isHeun ? 'DPM++ 2M SDE Heun' : known, method.type)
  for (const [name, field] of methodSettings) {
    draft.set(field, resolveValue(graph, method.inputs[name], name), name)
  }
}

/** A sampler by ComfyUI's id; the first versions wrote "sample_" before it. */
const samplerByName = (name: string) => findSampler(name) ?? findSampler(name.replace(/^sample_/, ''))

/** Classes of nodes that make sigmas with limits of their own. */
const withLimits = /^(Karras|Exponential|Polyexponential)Scheduler$/
const limits = [
  ['sigma_min', 'sigmaMin'],
  ['sigma_max', 'sigmaMax'],
  ['rho', 'rho'],
] as const

/** Takes steps and schedule from the sampler or from the node that makes its sigmas, which is answered. */
function setSpacing(
  graph: ComfyGraph,
  sampler: ComfyNode,
  used: Set<ComfyNode>,
  draft: GenerationDraft,
): ComfyNode {
  const makers = walkUpstream(graph, [sampler.inputs.sigmas], ({ node }) => [node.inputs.sigmas])
  const spacing = makers.at(-1)?.node ?? sampler
  for (const { node } of makers) {
    used.add(node)
    if (node !== spacing)
      draft.leave(
        'sigmas',
        describeNode(graph, node),
        'changes the schedule in a way that has no counterpart here',
      )
  }
  draft.set('steps', valueOf(graph, spacing, 'steps'), 'steps')
  setSchedule(valueOf(graph, spacing, 'scheduler') ?? (spacing === sampler ? undefined : spacing.type), draft)
  if (withLimits.test(spacing.type)) {
    for (const [name, field] of limits) {
      draft.set(field, resolveValue(graph, spacing.inputs[name], name), name)
    }
  }
  return spacing
}

/** Nodes that make a schedule under another name; FLUX.2's is the one that its models have by themselves. */
const schedulesByNode: Record<string, string | undefined> = {
  __proto__: null as never,
  SDTurbo: 'Turbo',
  AlignYourSteps: 'Align Your Steps',
  Flux2: 'Automatic',
}

/** A schedule by id, or by the node that makes it (KarrasScheduler). */
function setSchedule(name: string | number | boolean | undefined, draft: GenerationDraft): void {
  if (name === undefined) return
  const plain = String(name).replace(/(Sampling)?Scheduler$/, '')
  const known = schedulesByNode[plain] ?? plain
  draft.set('schedule', findSchedule(known) ?? name, 'scheduler')
}

/** Guiders with two scales or none: what of them can be taken, and what is said. */
function setGuidance(graph: ComfyGraph, guider: ComfyNode, draft: GenerationDraft): void {
  const scale = valueOf(graph, guider, 'cfg')
  if (guider.type === 'DualCFGGuider') return setDualGuidance(graph, guider, draft)
  if (guider.type === 'BasicGuider') draft.set('guidanceScale', 1, 'BasicGuider')
  draft.set('guidanceScale', scale, 'cfg')
  if (guider.type === 'PerpNegGuider')
    draft.leave('neg_scale', guider.inputs.neg_scale, 'Perp-Neg guidance has no counterpart here')
  else if (Object.hasOwn(guider.inputs, 'guider') || !/Guider/.test(guider.type)) return
  else if (!/^(CFG|Basic)Guider$/.test(guider.type))
    draft.leave('guider', describeNode(graph, guider), 'guides in a way that has no counterpart here')
}

/** DualCFGGuider: the difference of two texts by one scale, and of the second to the negative one by another. */
function setDualGuidance(graph: ComfyGraph, guider: ComfyNode, draft: GenerationDraft): void {
  draft.set('guidanceScale', resolveValue(graph, guider.inputs.cfg_conds, 'cfg_conds'), 'cfg_conds')
  draft.leave(
    'guider',
    describeNode(graph, guider),
    'guides by two texts with two scales; here only the first text and its scale count',
  )
  for (const text of textsOf(graph, guider.inputs.cond2))
    draft.leave('cond2', text, 'is the second of two texts, which has no counterpart here')
}

function readStepRange(graph: ComfyGraph, sampler: ComfyNode, draft: GenerationDraft): void {
  const [start, end, steps] = ['start_at_step', 'end_at_step', 'steps'].map((name) =>
    valueOf(graph, sampler, name),
  )
  const starts = typeof start === 'number' && start > 0
  const ends = typeof end === 'number' && typeof steps === 'number' && end < steps
  if (starts || ends)
    draft.leave(
      'start_at_step',
      `${String(start ?? 0)} to ${String(end ?? steps)}`,
      'part of the steps has no counterpart here',
    )
  if (isDisabled(sampler.inputs.add_noise))
    draft.leave(
      'add_noise',
      sampler.inputs.add_noise,
      'drew no noise of its own, which has no counterpart here',
    )
}

const isDisabled = (value: unknown): boolean => value === false || value === 'disable'

/** A pass that is not taken: its node, and what its parts say of it where it is put together of several. */
export function describePass(graph: ComfyGraph, sampler: ComfyNode): string {
  const parts = ['noise', 'sampler', 'sigmas', 'guider'].flatMap((name) => {
    const node = originOf(graph, sampler.inputs[name])?.node
    return node ? [describeNode(graph, node)] : []
  })
  return [describeNode(graph, sampler), ...parts].join(', ')
}

/** ComfyUI's own samplers, all of whose settings are read. */
const plainSamplers = /^KSampler(Advanced)?$|^SamplerCustom(Advanced)?$/
/** Settings of other samplers that are read, or change no pixels. */
const readSettingsOf = new Set([
  ...['seed', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'].flatMap(slotNames),
  ...[
    'start_at_step',
    'end_at_step',
    'add_noise',
    'return_with_leftover_noise',
    'preview_method',
    'vae_decode',
  ],
  ...[
    'seed_mode',
    'ensd',
    'control_after_generate',
    'image_output',
    'link_id',
    'save_prefix',
    'preview_image',
  ],
])

/** Settings that samplers of packs have beyond those of ComfyUI's own; -1 stands for one that is not set. */
function leavePackSettings(graph: ComfyGraph, sampler: ComfyNode, draft: GenerationDraft): void {
  if (plainSamplers.test(sampler.type)) return
  const rest = Object.entries(sampler.inputs).filter(
    ([name, value]) => !readSettingsOf.has(name) && !Array.isArray(value) && value !== -1,
  )
  if (rest.length === 0) return
  const left = { ...sampler, inputs: Object.fromEntries(rest) }
  draft.leave(
    `node ${sampler.id}`,
    describeNode(graph, left),
    'these settings of its sampler have no counterpart here',
  )
}
