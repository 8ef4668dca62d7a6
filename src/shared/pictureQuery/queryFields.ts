/**
 * What pictures can be looked for by, beside the words of their prompts. The names are the request's own, in small
 * letters; the aliases are what other programs and people call them.
 */

/** Numbers that a picture was made with, or has. */
export const numberFields = [
  'steps',
  'guidance',
  'width',
  'height',
  'rating',
  'strength',
  'clipskip',
  'eta',
  'rescale',
  'variation',
  'batch',
  'ensd',
  'schurn',
  'stmin',
  'stmax',
  'snoise',
  'sigmamin',
  'sigmamax',
  'rho',
  'limit',
  'seedwidth',
  'seedheight',
  'lorastrength',
  'references',
  'controlweight',
  'controlstart',
  'controlend',
  'controllow',
  'controlhigh',
  'controlsigma',
  'controlthreshold',
  'controlrate',
  'controlsquare',
  'maskpadding',
  'maskblur',
  'addleft',
  'addtop',
  'addright',
  'addbottom',
  'hiresscale',
  'hireswidth',
  'hiresheight',
  'hiressteps',
  'hiresstrength',
  'hiresguidance',
  'scale',
  'forecast',
  'agreement',
  'guidancefrom',
  'guidanceto',
  'originalwidth',
  'originalheight',
  'cropleft',
  'croptop',
  'targetwidth',
  'targetheight',
  'turns',
  'straighten',
  'black',
  'gamma',
  'white',
] as const
export type NumberField = (typeof numberFields)[number]

/** Names: found by any part of them, or as a whole after "=". */
export const textFields = [
  'model',
  'hash',
  'lora',
  'sampler',
  'schedule',
  'device',
  'precision',
  'source',
  'tool',
  'vae',
  'seedconvention',
  'tag',
  'album',
  'folder',
  'style',
  'embedding',
  'upscaler',
  'filehash',
  'resize',
  'control',
  'preprocessor',
  'controlmode',
  'maskarea',
  'maskcontent',
  'hiressampler',
  'hiresschedule',
  'engine',
  'onnxruntime',
  'worker',
] as const
export type TextField = (typeof textFields)[number]

/** What is so or is not so. */
export const flags = [
  'rated',
  'rejected',
  'tagged',
  'collected',
  'imported',
  'hires',
  'fast',
  'turbo',
  'controlled',
  'soft',
  'outpainted',
  'cropped',
  'sigmas',
  'discardsigma',
  'zerosnr',
  'grid',
] as const
export type Flag = (typeof flags)[number]

/** Fields that have a way of their own to be written. */
const ownFields = ['prompt', 'negative', 'seed', 'variationseed', 'size', 'date', 'is', 'similar'] as const

export type QueryField = NumberField | TextField | (typeof ownFields)[number]

export const queryFields: readonly QueryField[] = [...ownFields, ...textFields, ...numberFields]

/** Other names of fields. */
const aliases: Record<string, QueryField> = {
  cfg: 'guidance',
  guidancescale: 'guidance',
  stars: 'rating',
  denoise: 'strength',
  denoisestrength: 'strength',
  scheduler: 'schedule',
  checkpoint: 'model',
  modelhash: 'hash',
  dtype: 'precision',
  board: 'album',
  program: 'tool',
  made: 'date',
  like: 'similar',
  guidancerescale: 'rescale',
  variationstrength: 'variation',
  batchsize: 'batch',
  neg: 'negative',
  negativeprompt: 'negative',
  styles: 'style',
  ti: 'embedding',
  controlnet: 'control',
  inpaintarea: 'maskarea',
  maskedcontent: 'maskcontent',
  padding: 'maskpadding',
  blur: 'maskblur',
  hiresupscaler: 'upscaler',
  hiresdenoise: 'hiresstrength',
  hirescfg: 'hiresguidance',
  upscaleby: 'scale',
  loraweight: 'lorastrength',
}

/** The names of a field, its own first. */
export const namesOf = (field: QueryField): string[] => [
  field,
  ...Object.keys(aliases).filter((alias) => aliases[alias] === field),
]

/** The field of a name or alias in any case; null: there is none. */
export function findField(name: string): QueryField | null {
  const small = name.toLowerCase()
  if (Object.hasOwn(aliases, small)) return aliases[small]
  return queryFields.find((field) => field === small) ?? null
}

/**
 * How a picture came to be: words, a starting picture, a painted part of one, pictures to go by, an enlarged one, an edited
 * one, a run gone on from.
 */
export type PictureSource = 'text' | 'image' | 'inpainting' | 'reference' | 'upscale' | 'edit' | 'branch'
