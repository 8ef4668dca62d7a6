import { loraTags, readsTags } from '../../../shared/prompt/loraTags.ts'
import type { Flag, NumberField, TextField } from '../../../shared/pictureQuery/queryFields.ts'
import type { UsedFile } from '../../../shared/request/adapters.ts'
import type { ControlRequest } from '../../../shared/request/controls.ts'
import { isInpainted, type Inpaint, type Outpaint } from '../../../shared/request/inpaint.ts'
import type { Hires } from '../../../shared/request/passes.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../../shared/request/request.ts'

/** The settings of a recipe beside those that every picture has: what a search calls them, and what a request says of them. */

type Field = NumberField | TextField | Flag

/** Those that a request has under a name, with a default that counts where a recipe is silent. */
export const settingOf = {
  strength: 'denoiseStrength',
  clipskip: 'clipSkip',
  eta: 'eta',
  rescale: 'guidanceRescale',
  limit: 'guidanceLimit',
  variation: 'variationStrength',
  batch: 'batchOf',
  seedwidth: 'seedResizeWidth',
  seedheight: 'seedResizeHeight',
  ensd: 'etaNoiseSeedDelta',
  schurn: 'sChurn',
  stmin: 'sTmin',
  stmax: 'sTmax',
  snoise: 'sNoise',
  sigmamin: 'sigmaMin',
  sigmamax: 'sigmaMax',
  rho: 'rho',
  vae: 'vae',
  seedconvention: 'seedConvention',
  hires: 'hires',
  fast: 'fast',
  turbo: 'turbo',
  controlled: 'controls',
  sigmas: 'sigmas',
  discardsigma: 'discardPenultimateSigma',
  zerosnr: 'zeroTerminalSnr',
  grid: 'grid',
} as const satisfies Partial<Record<Field, keyof ResolvedRequest>>

type Value = string | number | null | undefined

const ofHires =
  (value: (hires: Hires, request: ResolvedRequest) => Value) =>
  (request: ResolvedRequest): Value =>
    request.hires && value(request.hires, request)

const ofControls =
  (value: (control: ControlRequest) => Value) =>
  ({ controls }: ResolvedRequest): Value[] =>
    controls.map(value)

const ofMask =
  (value: (inpaint: Inpaint) => Value) =>
  (request: ResolvedRequest): Value =>
    request.inpaint && isInpainted(request) ? value(request.inpaint) : null

/** A side to which nothing is added has no number. */
const added = (side: keyof Outpaint) => ofMask(({ outpaint }) => outpaint?.[side] || null)

const filesOf =
  (kind: UsedFile['kind']) =>
  ({ files }: ResolvedRequest): Value[] =>
    files.filter((file) => file.kind === kind).map(({ name }) => name)

/** Of a prompt without tags none are looked for. */
const taggedStrengths = ({ prompt, seedConvention }: ResolvedRequest): number[] =>
  prompt.includes('<') && readsTags(seedConvention) ? loraTags(prompt).map(({ unet }) => unet) : []

/** Those of the parts that a request may have, several where it has several; nothing where it has none. */
export const partSettings = {
  style: ({ styles }) => styles,
  embedding: filesOf('embedding'),
  filehash: ({ files }) => files.map(({ hash }) => hash),
  lorastrength: (request) => [...request.adapters.map(({ unet }) => unet), ...taggedStrengths(request)],
  references: ({ references }) => references.length || null,
  resize: ({ initImage }) => initImage?.resizeMode,

  control: ofControls(({ model }) => model),
  preprocessor: ofControls(({ preprocessor }) => preprocessor),
  controlmode: ofControls(({ mode }) => mode),
  controlweight: ofControls(({ weight }) => weight),
  controlstart: ofControls(({ start }) => start),
  controlend: ofControls(({ end }) => end),
  controllow: ofControls(({ settings }) => settings.low),
  controlhigh: ofControls(({ settings }) => settings.high),
  controlsigma: ofControls(({ settings }) => settings.sigma),
  controlthreshold: ofControls(({ settings }) => settings.threshold),
  controlrate: ofControls(({ settings }) => settings.rate),
  controlsquare: ofControls(({ settings }) => settings.square),

  maskarea: ofMask(({ area }) => area),
  maskcontent: ofMask(({ content }) => content),
  maskpadding: ofMask(({ area, padding }) => (area === 'masked' ? padding : null)),
  maskblur: ofMask(({ maskBlur }) => maskBlur),
  soft: ofMask(({ soft }) => (soft ? 1 : null)),
  outpainted: ofMask(({ outpaint }) => (outpaint ? 1 : null)),
  addleft: added('left'),
  addtop: added('top'),
  addright: added('right'),
  addbottom: added('bottom'),

  hiresscale: ofHires(({ scale, width, height }) => (width === null && height === null ? scale : null)),
  hireswidth: ofHires(({ width }) => width),
  hiresheight: ofHires(({ height }) => height),
  hiressteps: ofHires((hires, { steps }) => hires.steps || steps),
  hiresstrength: ofHires(({ denoiseStrength }) => denoiseStrength),
  hiresguidance: ofHires((hires, { guidanceScale }) => hires.guidanceScale ?? guidanceScale),
  hiressampler: ofHires((hires, { sampler }) => hires.sampler ?? sampler),
  hiresschedule: ofHires((hires, { schedule }) => hires.schedule ?? schedule),
  upscaler: ({ hires, upscale }) => [hires?.upscaler, upscale?.upscaler],
  scale: ({ upscale }) => upscale?.scale,

  forecast: ({ fast }) => fast?.forecast,
  agreement: ({ fast }) => fast?.agreement,
  guidancefrom: ({ fast }) => fast?.guidanceInterval?.min,
  guidanceto: ({ fast }) => fast?.guidanceInterval?.max,

  originalwidth: ({ sizeConditioning }) => sizeConditioning?.originalWidth,
  originalheight: ({ sizeConditioning }) => sizeConditioning?.originalHeight,
  cropleft: ({ sizeConditioning }) => sizeConditioning?.cropLeft,
  croptop: ({ sizeConditioning }) => sizeConditioning?.cropTop,
  targetwidth: ({ sizeConditioning }) => sizeConditioning?.targetWidth,
  targetheight: ({ sizeConditioning }) => sizeConditioning?.targetHeight,

  turns: ({ editOf }) => editOf?.turns || null,
  straighten: ({ editOf }) => editOf?.straighten || null,
  cropped: ({ editOf }) => (editOf?.crop ? 1 : null),
  black: ({ editOf }) => editOf?.levels?.black,
  gamma: ({ editOf }) => editOf?.levels?.gamma,
  white: ({ editOf }) => editOf?.levels?.white,
} as const satisfies Partial<Record<Field, (request: ResolvedRequest) => Value | Value[]>>

const defaults = generationRequestSchema.parse({})
const plainSettings = Object.entries(settingOf).map(([field, name]) => ({
  field,
  name,
  byDefault: JSON.stringify(defaults[name]),
}))

/** What a request says that is not at its default, by the fields of a search. */
export function settingsOf(request: ResolvedRequest): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const { field, name, byDefault } of plainSettings) {
    const value = request[name]
    const isKept =
      field === 'strength'
        ? request.initImage !== null
        : value !== false && JSON.stringify(value) !== byDefault
    // Of what has parts of its own it is only said that it is there.
    if (isKept) settings[field] = typeof value === 'object' || value === true ? 1 : value
  }
  for (const [field, read] of Object.entries(partSettings)) {
    const value: Value | Value[] = read(request)
    const said = [...new Set([value].flat())].filter(isSaid)
    if (said.length > 0) settings[field] = said.length === 1 ? said[0] : said
  }
  return settings
}

/** A strength that could not be read is no number. */
const isSaid = (value: Value): boolean => value !== null && value !== undefined && !Number.isNaN(value)

/** What a setting is that no recipe names; null: it has no number or name then. */
export function defaultSetting(field: keyof typeof settingOf): number | string | null {
  const value = defaults[settingOf[field]]
  if (field === 'strength' || typeof value === 'object') return null
  return typeof value === 'boolean' ? Number(value) : (value ?? null)
}
