import type { SamplerName } from '../../../../shared/models/samplers.ts'

/**
 * What is known of ComfyUI's node classes, its own (comfy_extras, nodes.py) and those of common packs: rgthree,
 * Impact, Efficiency, Easy Use, Comfyroll, WAS, KJNodes.
 */

/** Nodes with one input that comes out as it went in. */
export const handsOn =
  /^(Reroute|easy (convertAnything|cleanGpuUsed|clearCacheAll)|VRAM_Debug|ShowText|Display)/

/** Nodes that let one of their inputs through. */
export const switchTypes = /switch|^ImpactConditionalBranch|^easy (ifElse|anythingIndexSwitch)/i

/** Inputs under which bundles of model, texts, latents and settings are linked. */
export const bundleInputs = [
  'pipe',
  'basic_pipe',
  'detailer_pipe',
  'base_ctx',
  'context',
  'ctx',
  'ctx_01',
  'ctx_02',
  'ctx_03',
  'ctx_04',
  'ctx_05',
  'sdxl_tuple',
  'base_sampler',
]

const context = [
  ...['', 'model', 'clip', 'vae', 'positive', 'negative', 'latent', 'image', 'seed', 'steps', 'step_refiner'],
  ...['cfg', 'ckpt_name', 'sampler_name', 'scheduler', 'clip_width', 'clip_height'],
  ...['text_pos_g', 'text_pos_l', 'text_neg_g', 'text_neg_l', 'mask', 'control_net'],
]
const basicPipe = ['model', 'clip', 'vae', 'positive', 'negative']

/** What nodes with several outputs hand out, output by output; '' is the bundle or what the node makes itself. */
const slotsByType: Record<string, readonly string[] | undefined> = {
  __proto__: null as never,
  'Context (rgthree)': context,
  'Context Big (rgthree)': context,
  'Context Switch (rgthree)': context,
  'Context Switch Big (rgthree)': context,
  'Context Merge (rgthree)': context,
  'Context Merge Big (rgthree)': context,
  FromBasicPipe: basicPipe,
  FromBasicPipe_v2: ['', ...basicPipe],
  FromDetailerPipe: basicPipe,
  FromDetailerPipe_v2: ['', ...basicPipe],
  FromDetailerPipe_SDXL: ['', ...basicPipe],
  'Efficient Loader': ['model', 'positive', 'negative', 'latent', 'vae', 'clip', ''],
  'Unpack SDXL Tuple': ['model', 'clip', 'positive', 'negative'],
  'KSampler (Efficient)': ['model', 'positive', 'negative', '', 'vae', ''],
  'KSampler Adv. (Efficient)': ['model', 'positive', 'negative', '', 'vae', ''],
  'easy fullLoader': ['', 'model', 'vae', 'clip', 'positive', 'negative', 'latent'],
  'easy a1111Loader': ['', 'model', 'vae'],
  'easy comfyLoader': ['', 'model', 'vae'],
  'easy pipeOut': ['', 'model', 'positive', 'negative', 'latent', 'vae', 'clip', 'image', 'seed'],
  'easy kSampler': ['', '', 'model', 'positive', 'negative', '', 'vae', 'clip', 'seed'],
  'easy fullkSampler': ['', '', 'model', 'positive', 'negative', '', 'vae', 'clip', 'seed'],
  'KSampler Config (rgthree)': ['steps_total', 'refiner_step', 'cfg', 'sampler_name', 'scheduler'],
}

export function outputSlots(type: string): readonly (string | undefined)[] | undefined {
  return slotsByType[type]?.map((slot) => (slot === '' ? undefined : slot))
}

/** Other names for what an input is for. */
const aliases: Record<string, readonly string[] | undefined> = {
  __proto__: null as never,
  model: ['model', 'base_model', 'model1', 'model_a', 'unet', 'model_high_noise', 'opt_model'],
  clip: ['clip', 'opt_clip'],
  clip_skip: ['clip_skip', 'base_clip_skip'],
  positive: ['positive', 'pos', 'base_positive', 'conditioning', 'cond1', 'cond_1', 'linguistic_positive'],
  negative: ['negative', 'neg', 'base_negative', 'neg_conditioning', 'linguistic_negative'],
  latent: ['latent_image', 'latent', 'samples', 'latents', 'init_latent'],
  image: ['image', 'images', 'pixels'],
  seed: ['seed', 'noise_seed', 'seed_num', 'seed_value'],
  steps: ['steps', 'steps_total', 'total_steps'],
  cfg: ['cfg', 'cfg_scale', 'guidance_scale', 'true_gs'],
  sampler_name: ['sampler_name', 'sampler'],
  scheduler: ['scheduler', 'scheduler_name', 'basic_scheduler'],
  denoise: ['denoise', 'denoise_strength', 'denoising_strength'],
  ckpt_name: [
    'ckpt_name',
    'base_ckpt_name',
    'unet_name',
    'model_name',
    'checkpoint',
    'ckpt',
    'diffusion_name',
  ],
  width: ['width', 'empty_latent_width', 'base_width'],
  height: ['height', 'empty_latent_height', 'base_height'],
}

export const slotNames = (slot: string): readonly string[] => aliases[slot] ?? [slot]

/** Inputs that carry no pixels: all others may lead to the picture or latents a node starts from. */
export const notPixels =
  /model|clip|vae|positive|negative|cond|guider|sampler|sigmas|noise|mask|control|lora|text|prompt|string|seed|steps|cfg|width|height|size|scale|upscale_model|detector|hook|scheduler|filename|info|^(pos|neg|pipe|basic_pipe|batch_size)$/i

/** Classes that make a sampler without naming it. */
export const samplersByType: Record<string, SamplerName | undefined> = {
  __proto__: null as never,
  SamplerEulerAncestral: 'Euler a',
  SamplerEulerAncestralCFGPP: 'Euler a CFG++',
  SamplerEulerCFGpp: 'Euler CFG++',
  SamplerLMS: 'LMS',
  SamplerDPMPP_SDE: 'DPM++ SDE',
  SamplerDPMPP_2M_SDE: 'DPM++ 2M SDE',
  SamplerDPMPP_3M_SDE: 'DPM++ 3M SDE',
  SamplerDPMPP_2S_Ancestral: 'DPM++ 2S a',
  SamplerDPMAdaptative: 'DPM adaptive',
  SamplerER_SDE: 'ER SDE',
  SamplerSASolver: 'SA Solver',
  SamplerSEEDS2: 'SEEDS 2',
}

/** Nodes with settings for a sampler that sample nothing themselves. */
export const noSampler =
  /^Context|config|select|setting|preset|info|literal|pre-?sampling|unsampler|upscale.*model|^Sampler(?!Custom)/i

/** Nodes that change no pixels, or say again what the sampler says. */
export const neutral =
  /preview|separator|^(VAEDecode|SaveImage|SaveAnimated|PreviewImage|PreviewAny|MaskPreview|Note|MarkdownNote|Primitive|Reroute|Image Comparer|easy (showAnything|imageSave)|Display|ShowText|Fast Groups|Bookmark|Label|LoadVAE|Image Save|Image Saver|SaveImageExtended|Save Image w\/Metadata)/i

/** Why nodes on the way from a text to the sampler are not taken over. */
const conditioningReasons: readonly (readonly [RegExp, string])[] = [
  [/ZeroOut/, 'is a guidance of zeros, which is another thing than an empty text'],
  [/^ConditioningAverage/, 'mixes two texts by weight; here they are joined'],
  [
    /^ConditioningSet(Area|Mask)|Regional|GLIGEN/,
    'holds for a part of the picture only; here it holds for all of it',
  ],
  [/TimestepRange/, 'holds for a part of the steps only; here it holds for all of them'],
  [
    /ControlNet|ControlLora|T2IAdapter/i,
    'is a ControlNet whose file the graph does not name in a way that is known',
  ],
  [/^FluxGuidance/, 'is the guidance that Flux models are trained with; it has no counterpart here'],
  [/ReferenceLatent/, 'shows the model a picture that the file does not hold; choose it as a reference'],
  [/unCLIP|StyleModel|Redux|Vision/i, 'guides the drawing by a picture, which has no counterpart here'],
  [/Inpaint/i, 'painted only under a mask that the file does not hold'],
]

export const conditioningReason = (type: string): string =>
  conditioningReasons.find(([pattern]) => pattern.test(type))?.[1] ??
  'changes what the text says to the model in a way that has no counterpart here'

/** Conditioning nodes that only join texts: of them it is enough to say that the texts are joined. */
export const joinsTexts = /^Conditioning(Combine|Concat)$/
