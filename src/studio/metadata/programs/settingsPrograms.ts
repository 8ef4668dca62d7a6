import type { GenerationSource } from '../../../shared/library/generation.ts'
import type { SeedConvention } from '../../../shared/request/request.ts'
import type { JsonObject } from '../tolerantJson.ts'

/** A program that writes its settings as one JSON object. */
export interface SettingsProgram {
  source: GenerationSource
  /** Whose noise a seed makes there; undefined where that is not known. */
  noise: SeedConvention | undefined
  /** Settings that mean something else under this name than with most programs. */
  fields?: Record<string, Field>
}

/** What a setting is taken as. */
export type Field =
  | 'prompt'
  | 'negativePrompt'
  | 'fullPrompt'
  | 'fullNegativePrompt'
  | 'steps'
  | 'guidanceScale'
  | 'seed'
  | 'width'
  | 'height'
  | 'size'
  | 'sampler'
  | 'schedule'
  | 'clipSkip'
  | 'model'
  | 'modelHash'
  | 'loras'
  | 'denoise'
  | 'kept share'
  | 'init image'
  | 'mask'
  | 'second pass'
  | 'enlargement'
  | 'second model'
  | 'etaNoiseSeedDelta'
  | 'harmless'

interface Row extends SettingsProgram {
  is(settings: JsonObject): boolean
}

const says = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value)

/** In the order in which they are tried. The keys are those of `plainKey`. */
const rows: readonly Row[] = [
  {
    source: 'RuinedFooocus',
    noise: 'ComfyUI',
    is: ({ software }) => says(software, /^RuinedFooocus/i),
    fields: { switch: 'harmless' },
  },
  {
    source: 'FooocusPlus',
    noise: 'ComfyUI',
    is: ({ version, user }) => says(version, /^FooocusPlus/i) || says(user, /^FooocusPlus/i),
  },
  {
    source: 'Fooocus',
    noise: 'ComfyUI',
    is: ({ version, software, metadatascheme, fooocusv2expansion, admguidance }) =>
      says(version, /^Fooocus/i) ||
      says(software, /^Fooocus/i) ||
      says(metadatascheme, /^(fooocus|simple)$/i) ||
      fooocusv2expansion !== undefined ||
      admguidance !== undefined,
    fields: { switch: 'second model', refinerswitch: 'harmless' },
  },
  {
    // It draws on the CPU, one generator for each picture.
    source: 'imaginAIry',
    noise: 'AUTOMATIC1111 CPU',
    is: ({ software, promptstrength, solvertype, samplertype }) =>
      says(software, /^imaginairy$/i) ||
      (promptstrength !== undefined && (solvertype ?? samplertype) !== undefined),
    fields: {
      promptstrength: 'guidanceScale',
      initimagestrength: 'kept share',
      prompts: 'prompt',
      solvertype: 'sampler',
      modelweights: 'model',
      maskprompt: 'mask',
      maskimage: 'mask',
      maskmode: 'harmless',
      maskmodifyoriginal: 'harmless',
      fixfacesfidelity: 'harmless',
      allowcomposephase: 'harmless',
      compositionstrength: 'harmless',
      inpaintmethod: 'harmless',
    },
  },
  {
    // Its generator is on the GPU.
    source: 'Easy Diffusion',
    noise: 'AUTOMATIC1111 GPU',
    is: ({ usestablediffusionmodel, stablediffusionmodel }) =>
      (usestablediffusionmodel ?? stablediffusionmodel) !== undefined,
    fields: {
      stablediffusionmodel: 'model',
      promptstrength: 'denoise',
      loramodel: 'loras',
      lorastrength: 'harmless',
      loraalpha: 'harmless',
      useupscaling: 'second pass',
      upscaleamount: 'enlargement',
      upscaleby: 'enlargement',
      latentupscalersteps: 'harmless',
    },
  },
  {
    source: 'Tensor.Art (ComfyUI)',
    noise: 'ComfyUI',
    is: ({ ksamplername, cfgscale }) => ksamplername !== undefined && cfgscale !== undefined,
    fields: { guidance: 'harmless', imagecount: 'harmless' },
  },
  {
    source: 'Hugging Face Space',
    noise: 'diffusers',
    is: ({ numinferencesteps, useupscaler, resolution }) =>
      numinferencesteps !== undefined && (useupscaler !== undefined || resolution !== undefined),
  },
]

/** What most programs call their settings, without capital letters, spaces and lines. */
const fieldNames: Partial<Record<Field, string>> = {
  prompt: 'prompt positive positiveprompt',
  negativePrompt: 'negative negativeprompt',
  fullPrompt: 'fullprompt realprompt',
  fullNegativePrompt: 'fullnegativeprompt realnegativeprompt',
  steps: 'steps numinferencesteps inferencesteps samplingsteps',
  guidanceScale: 'cfg cfgscale guidancescale guidance scale',
  seed: 'seed',
  width: 'width',
  height: 'height',
  size: 'resolution size imagesize',
  sampler: 'sampler samplername samplertype ksamplername samplingmethod',
  schedule: 'scheduler schedule scheduletype schedulername',
  clipSkip: 'clipskip',
  model: 'model modelname basemodel basemodelname checkpoint ckptname usestablediffusionmodel',
  modelHash: 'modelhash basemodelhash',
  loras: 'loras lora uselora useloramodel',
  denoise: 'denoise denoisingstrength strength',
  'init image': 'initimage sourceimage',
  'second pass': 'useupscaler upscale useupscale',
  'second model': 'refinermodel refinermodelname',
  etaNoiseSeedDelta: 'etanoiseseeddelta ensd',
  harmless:
    'software version user createdby metadatascheme backendengine performance refinermodelhash refinerswitch ' +
    'stylesdefinition fooocusv2expansion promptexpansion startstep imagenumber numimagesperprompt numoutputs',
}

const commonFields = new Map(
  Object.entries(fieldNames).flatMap(([field, names]) =>
    names.split(' ').map((name) => [name, field as Field]),
  ),
)

/** One spelling for "Guidance Scale", "guidance_scale" and "guidanceScale". */
const plainKey = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '')

/** What a setting of a program is taken as; undefined for one that is not known. */
export function fieldOf(program: SettingsProgram, key: string): Field | undefined {
  const plain = plainKey(key)
  if (/^lora(combined)?\d*$/.test(plain)) return 'loras'
  return program.fields && Object.hasOwn(program.fields, plain)
    ? program.fields[plain]
    : commonFields.get(plain)
}

/** The program that wrote some settings; undefined for one that is not known. */
export function settingsProgram(settings: JsonObject): SettingsProgram | undefined {
  const plain = Object.fromEntries(Object.entries(settings).map(([key, value]) => [plainKey(key), value]))
  return rows.find(({ is }) => is(plain))
}
