/**
 * What an axis of a grid can change. The labels are those of AUTOMATIC1111's X/Y/Z plot (1.10.1, scripts/xyz_grid.py)
 * where it has the parameter.
 */

/** What the values of an axis are: `order` are texts of the prompt, of which every order is tried. */
export type GridValueKind = 'integer' | 'number' | 'text' | 'switch' | 'order'

/** Lists that an axis can be filled with. */
export type GridChoices = 'models' | 'samplers' | 'schedules' | 'vaes' | 'loras' | 'styles' | 'upscalers'

interface Parameter {
  label: string
  kind: GridValueKind
  /** The one field of a request that it sets; without one it does more than that. */
  field?: string
  /** What is written for a value that is left open. */
  open?: string
  choices?: GridChoices
  /** Other names that it goes by. */
  aliases?: readonly string[]
}

export const gridParameters = {
  promptSearch: { label: 'Prompt S/R', kind: 'text', aliases: ['S/R', 'Search and replace'] },
  promptOrder: { label: 'Prompt order', kind: 'order' },
  prompt: { label: 'Prompt', kind: 'text', field: 'prompt' },
  negativePrompt: { label: 'Negative prompt', kind: 'text', field: 'negativePrompt' },
  styles: { label: 'Styles', kind: 'text', choices: 'styles' },
  seed: { label: 'Seed', kind: 'integer', field: 'seed' },
  variationSeed: { label: 'Var. seed', kind: 'integer', field: 'variationSeed' },
  variationStrength: { label: 'Var. strength', kind: 'number', field: 'variationStrength' },
  steps: { label: 'Steps', kind: 'integer', field: 'steps' },
  guidanceScale: { label: 'CFG Scale', kind: 'number', field: 'guidanceScale', aliases: ['Guidance', 'CFG'] },
  guidanceRescale: { label: 'Guidance rescale', kind: 'number', field: 'guidanceRescale' },
  sampler: { label: 'Sampler', kind: 'text', choices: 'samplers' },
  schedule: {
    label: 'Schedule type',
    kind: 'text',
    field: 'schedule',
    choices: 'schedules',
    aliases: ['Schedule', 'Scheduler'],
  },
  model: {
    label: 'Checkpoint name',
    kind: 'text',
    field: 'model',
    choices: 'models',
    aliases: ['Model', 'Checkpoint'],
  },
  vae: { label: 'VAE', kind: 'text', field: 'vae', open: 'Automatic', choices: 'vaes' },
  lora: { label: 'LoRA', kind: 'text', open: 'None', choices: 'loras' },
  loraStrength: { label: 'LoRA strength', kind: 'number' },
  size: { label: 'Size', kind: 'text' },
  width: { label: 'Width', kind: 'integer', field: 'width' },
  height: { label: 'Height', kind: 'integer', field: 'height' },
  /** Values are names of files with the id behind that the picture has among the inputs. */
  startPicture: { label: 'Start picture', kind: 'text', aliases: ['Init image'] },
  denoiseStrength: { label: 'Denoising', kind: 'number', aliases: ['Strength', 'Denoising strength'] },
  controlWeight: { label: 'Control weight', kind: 'number' },
  hiresScale: { label: 'Hires scale', kind: 'number', field: 'hires.scale' },
  hiresSteps: { label: 'Hires steps', kind: 'integer', field: 'hires.steps' },
  hiresStrength: { label: 'Hires strength', kind: 'number', field: 'hires.denoiseStrength' },
  hiresSampler: { label: 'Hires sampler', kind: 'text', field: 'hires.sampler', choices: 'samplers' },
  hiresUpscaler: { label: 'Hires upscaler', kind: 'text', field: 'hires.upscaler', choices: 'upscalers' },
  clipSkip: { label: 'Clip skip', kind: 'integer', field: 'clipSkip', open: 'Automatic' },
  eta: { label: 'Eta', kind: 'number', field: 'eta', open: 'Automatic' },
  sChurn: { label: 'Sigma Churn', kind: 'number', field: 'sChurn' },
  sTmin: { label: 'Sigma min', kind: 'number', field: 'sTmin' },
  sTmax: { label: 'Sigma max', kind: 'number', field: 'sTmax', open: 'Automatic' },
  sNoise: { label: 'Sigma noise', kind: 'number', field: 'sNoise' },
  sigmaMin: { label: 'Schedule min sigma', kind: 'number', field: 'sigmaMin', open: 'Automatic' },
  sigmaMax: { label: 'Schedule max sigma', kind: 'number', field: 'sigmaMax', open: 'Automatic' },
  rho: { label: 'Schedule rho', kind: 'number', field: 'rho', open: 'Automatic' },
  discardPenultimateSigma: {
    label: 'Always discard next-to-last sigma',
    kind: 'switch',
    field: 'discardPenultimateSigma',
  },
  zeroTerminalSnr: { label: 'Zero terminal SNR', kind: 'switch', field: 'zeroTerminalSnr' },
  seedConvention: {
    label: 'Seed as in',
    kind: 'text',
    field: 'seedConvention',
    aliases: ['Seed convention', 'RNG source'],
  },
  fast: { label: 'Fast', kind: 'switch' },
  turbo: { label: 'Turbo', kind: 'switch', field: 'turbo' },
  device: { label: 'Device', kind: 'text', field: 'device' },
} as const satisfies Record<string, Parameter>

export type GridParameter = keyof typeof gridParameters
export const gridParameterNames = Object.keys(gridParameters) as GridParameter[]
export const gridParameter = (name: GridParameter): Parameter => gridParameters[name]

/** The name and the id of a value of `startPicture`; null: it is none. */
export function readStartPicture(value: string): { name: string; id: string } | null {
  const [, name, id] = /^(?:([^]*)\s)?([0-9a-f]{64})$/.exec(value) ?? []
  return id === undefined ? null : { name: name ?? '', id }
}

/** Values as a person writes them in a list: those with a comma or a quote in quotes (RFC 4180). */
export const writtenValues = (values: readonly string[]): string =>
  values
    .map((value) => (/[",\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(', ')

/** The parameter of a name as it is written here, on the grid or elsewhere, in any case; undefined: there is none. */
export const findGridParameter = (written: string): GridParameter | undefined =>
  gridParameterNames.find((name) =>
    [name, gridParameters[name].label, ...(gridParameter(name).aliases ?? [])].some(
      (known) => known.toLowerCase() === written.trim().toLowerCase(),
    ),
  )
