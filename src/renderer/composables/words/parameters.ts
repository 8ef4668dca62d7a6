import { useI18n } from 'vue-i18n'
import type { ImageRecord } from '../../../shared/library/history.ts'
import {
  generationRequestSchema,
  type GenerationRequest,
  type ResolvedRequest,
} from '../../../shared/request/request.ts'
import type { Adapter, UsedFile } from '../../../shared/request/adapters.ts'
import type { GridCell } from '../../../shared/request/gridCell.ts'
import { useBranchWords } from './branchWords.ts'
import { useEditWords } from './editWords.ts'
import { useInpaintWords } from './inpaintWords.ts'
import { useLargerWords } from './largerWords.ts'
import { useNumberWords } from './numberWords.ts'
import { useWords } from './words.ts'

export interface Row {
  label: string
  value: string
  /** What is copied, where that is longer than what shows, or what other programs take. */
  full?: string
}

/** Characters of a model's hash that AUTOMATIC1111 shows. */
const shortHash = 10
const defaults = generationRequestSchema.parse({})
/** Said in their own place above the table, or meaning nothing for a picture that exists. */
type ShownElsewhere =
  | 'prompt'
  | 'negativePrompt'
  | 'width'
  | 'height'
  | 'model'
  | 'device'
  | 'batchSize'
  | 'batchPrompts'
  | 'initImage'
  | 'mask'
  | 'upscaleOf'
  | 'unetWidening'
  | 'guidanceTogether'
  | 'turboBecause'
const always: readonly string[] = ['seed', 'steps', 'guidanceScale', 'sampler', 'schedule']
const names: Record<Exclude<keyof GenerationRequest, ShownElsewhere>, string> = {
  seed: 'field.seed',
  styles: 'field.styles',
  promptTemplate: 'details.field.promptTemplate',
  negativePromptTemplate: 'details.field.negativePromptTemplate',
  prompt2: 'details.field.prompt2',
  negativePrompt2: 'details.field.negativePrompt2',
  sizeConditioning: 'details.field.sizeConditioning',
  guidanceLimit: 'details.field.guidanceLimit',
  sigmas: 'details.field.sigmas',
  batchStart: 'details.field.batchStart',
  batchOf: 'details.field.batchOf',
  seedResizeWidth: 'details.field.seedResizeWidth',
  seedResizeHeight: 'details.field.seedResizeHeight',
  etaNoiseSeedDelta: 'details.field.etaNoiseSeedDelta',
  references: 'references.title',
  controls: 'control.title',
  sTmin: 'grid.parameters.sTmin',
  sTmax: 'grid.parameters.sTmax',
  sNoise: 'grid.parameters.sNoise',
  sigmaMin: 'grid.parameters.sigmaMin',
  sigmaMax: 'grid.parameters.sigmaMax',
  discardPenultimateSigma: 'grid.parameters.discardPenultimateSigma',
  zeroTerminalSnr: 'grid.parameters.zeroTerminalSnr',
  steps: 'field.steps',
  guidanceScale: 'field.guidance',
  guidanceRescale: 'field.rescale',
  fast: 'field.speed',
  turbo: 'field.turbo',
  sampler: 'field.sampler',
  schedule: 'field.schedule',
  clipSkip: 'field.clipSkip',
  denoiseStrength: 'field.strength',
  seedConvention: 'field.seedConvention',
  variationSeed: 'field.variationSeed',
  variationStrength: 'field.variationStrength',
  eta: 'field.eta',
  sChurn: 'field.sChurn',
  rho: 'field.rho',
  batchChoices: 'field.batchChoices',
  adapters: 'adapters.title',
  vae: 'adapters.vae',
  files: 'details.files',
  inpaint: 'mask.label',
  hires: 'larger.hires',
  upscale: 'larger.upscale',
  editOf: 'edit.title',
  branch: 'details.branch',
  grid: 'grid.title',
}

type Named = keyof typeof names

/** Values of fields that have no words of their own. */
function useValueWords() {
  const { t } = useI18n()
  const { plain } = useNumberWords()

  /** An entry of a list: a LoRA with its strengths, a file with its hash, or a name. */
  function sayEntry(entry: unknown): string {
    if (typeof entry === 'number') return plain(entry)
    if (typeof entry !== 'object' || entry === null) return String(entry)
    const { name, unet, text, hash } = entry as Partial<Adapter & UsedFile>
    if (hash !== undefined) return `${name} (${hash.slice(0, shortHash)})`
    if (unet === undefined || text === undefined) return JSON.stringify(entry)
    return `${name} ${unet === text ? plain(unet) : `${plain(text)} / ${plain(unet)}`}`
  }

  function say(value: unknown): string {
    if (value === null) return t('field.auto')
    if (typeof value === 'number') return plain(value)
    if (typeof value === 'boolean') return t(value ? 'details.yes' : 'details.no')
    if (Array.isArray(value)) return value.map(sayEntry).join(' · ')
    return typeof value === 'string' ? value : JSON.stringify(value)
  }

  function sayCell({ x, y, z, isTrial }: GridCell): string {
    const place = t('grid.cell', { x: x + 1, y: y + 1, z: z + 1 })
    return isTrial ? `${place} · ${t('grid.trial')}` : place
  }

  return { say, sayCell }
}

/** Where, when and with what a picture was made. */
function useCircumstances() {
  const { t } = useI18n()
  const { duration, moment } = useWords()

  return (image: ImageRecord): Row[] => {
    const made = [{ label: t('details.created'), value: moment(image.createdAt) }]
    const file = { label: t('details.file'), value: fileName(image.path), full: image.path }
    const shown = image.model.hash.slice(0, shortHash)
    if (image.imported)
      return [
        { label: t('facets.tool'), value: image.imported.tool ?? t('imports.noTool') },
        { label: t('details.model'), value: image.model.name },
        { label: t('details.modelHash'), value: shown, full: image.model.hash },
        ...made,
        file,
      ].filter(({ value }) => value !== '')
    return [
      { label: t('details.model'), value: image.model.name },
      { label: t('details.modelHash'), value: shown, full: image.model.hash },
      { label: t('details.device'), value: t(`settings.devices.${image.device}`) },
      ...(image.worker === null ? [] : [{ label: t('verify.conditions.worker'), value: image.worker }]),
      { label: t('details.precision'), value: image.dtype },
      { label: t('details.engine'), value: image.engineVersion },
      { label: t('details.onnxRuntime'), value: image.onnxRuntimeVersion },
      ...made,
      { label: t('details.took'), value: duration(image.timings.total) },
      file,
    ]
  }
}

/** How a picture was made, as labelled rows: the settings that matter, all others, and the circumstances. */
export function useParameters() {
  const { t } = useI18n()
  const { sayBranch } = useBranchWords()
  const { sayHires, sayUpscale } = useLargerWords()
  const { sayInpaint } = useInpaintWords()
  const { sayEdit } = useEditWords()
  const { say, sayCell } = useValueWords()

  function row(field: Named, request: ResolvedRequest): Row {
    const { hires, inpaint, upscale } = request
    const label = t(names[field])
    if (field === 'fast') return { label, value: t(request.fast === null ? 'speed.exact' : 'speed.fast') }
    if (field === 'turbo') return { label, value: t(request.turbo ? 'turbo.turbo' : 'turbo.exact') }
    if (field === 'hires' && hires) return { label, value: sayHires(hires) }
    if (field === 'inpaint' && inpaint) return { label, value: sayInpaint(inpaint) }
    if (field === 'upscale' && upscale) return { label, value: sayUpscale(upscale) }
    if (field === 'editOf' && request.editOf) return { label, value: sayEdit(request.editOf) }
    if (field === 'branch' && request.branch) return { label, value: sayBranch({ request }) }
    if (field === 'grid' && request.grid) return { label, value: sayCell(request.grid) }
    const value = say(request[field])
    const full = typeof request[field] === 'number' ? String(request[field]) : value
    return full === value ? { label, value } : { label, value, full }
  }

  /** @param recorded the only fields that mean anything; null: all do. */
  function settings(
    request: ResolvedRequest,
    recorded: readonly string[] | null = null,
  ): { main: Row[]; rest: Row[] } {
    const fields = Object.keys(request).filter(
      (field): field is Named => field in names && (recorded?.includes(field) ?? true),
    )
    const matters = (field: Named): boolean => {
      if (field === 'denoiseStrength') return request.initImage !== null
      return always.includes(field) || JSON.stringify(request[field]) !== JSON.stringify(defaults[field])
    }
    const ordered = [
      ...always.filter((field) => recorded?.includes(field) ?? true),
      ...fields.filter((field) => !always.includes(field)),
    ] as Named[]
    const rows = (wanted: boolean): Row[] =>
      ordered.filter((field) => matters(field) === wanted).map((field) => row(field, request))
    return {
      main: [{ label: t('details.size'), value: `${request.width} × ${request.height}` }, ...rows(true)],
      rest: rows(false),
    }
  }

  return { settings, circumstances: useCircumstances() }
}

const fileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path
