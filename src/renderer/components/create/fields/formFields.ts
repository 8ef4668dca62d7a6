import { createSharedComposable } from '@vueuse/core'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { batchChoices, seedConventions, type GenerationRequest } from '../../../../shared/request/request.ts'
import { fastSchema } from '../../../../shared/request/fast.ts'
import { limits } from '../../../../shared/request/limits.ts'
import { samplers, schedules, type SamplerName } from '../../../../shared/models/samplers.ts'
import { randomSeed, useForm } from '../../../stores/form.ts'
import type { NumberFieldProps, SelectOption } from '../../controls/fields/fields.ts'

/** What every field of the form is: said once, and shown by `FormField`. */
interface Described {
  label: string
  help: string
  /** It leans on words: models without them do not show it. */
  ofText?: boolean
  /** It has nothing to say as the form stands. */
  isHidden?: boolean
  /** The value as it is shown, and back, where that is not the field's own. */
  toShown?: (request: GenerationRequest) => string | number | null
  fromShown?: (shown: never) => unknown
}
type NumberDescription = Described & Omit<NumberFieldProps, 'label'> & { kind: 'number' }
interface SelectDescription extends Described {
  kind: 'select'
  options: readonly SelectOption<string>[]
  common?: readonly string[]
}
interface ChoiceDescription extends Described {
  kind: 'choice'
  options: readonly { value: string; label: string }[]
}
export type FieldDescription = NumberDescription | SelectDescription | ChoiceDescription

const commonSamplers: SamplerName[] = [
  'Model default',
  'DPM++ 2M',
  'DPM++ 2M SDE',
  'Euler',
  'Euler a',
  'DDIM',
  'UniPC',
  'LCM',
]

/** Of numbers between 0 and 1, by hundredths or twentieths. */
const share = (step: number) => ({ kind: 'number' as const, min: 0, max: 1, step })

function mainFields(t: Translate, notes: Notes, request: GenerationRequest) {
  const named = (names: readonly { name: string }[], of: Record<string, string>): SelectOption<string>[] =>
    names.map(({ name }) => ({ value: name, label: name, note: of[name] ?? '' }))
  const withNote = (help: string, name: string, note: string | undefined): string =>
    note ? `${help} ${name}: ${note}.` : help
  const { sampler, schedule } = request
  return {
    steps: {
      ...{ kind: 'number', label: t('field.steps'), help: t('help.steps') },
      ...{ ...limits.steps, softMax: 60, step: 1 },
    },
    guidanceScale: {
      ...{ kind: 'number', label: t('field.guidance'), help: t('help.guidance'), ofText: true },
      ...{ ...limits.guidanceScale, softMax: 15, step: 0.1 },
    },
    sampler: {
      ...{ kind: 'select', label: t('field.sampler') },
      ...{ options: named(samplers, notes.sampler), common: commonSamplers },
      help: withNote(t('help.sampler'), sampler, notes.sampler[sampler]),
    },
    schedule: {
      ...{ kind: 'select', label: t('field.schedule'), options: named(schedules, notes.schedule) },
      help: withNote(t('help.schedule'), schedule, notes.schedule[schedule]),
    },
    fast: {
      ...{ kind: 'choice', label: t('field.speed'), help: t('help.speed') },
      options: (['exact', 'fast'] as const).map((value) => ({ value, label: t(`speed.${value}`) })),
      toShown: ({ fast }) => (fast === null ? 'exact' : 'fast'),
      // A picture's own settings of "Fast" that were taken over stay until a person chooses anew.
      fromShown: (chosen: string) => (chosen === 'exact' ? null : fastSchema.parse({})),
    },
    batchSize: {
      ...{ kind: 'number', label: t('field.batch'), help: t('help.batch') },
      ...{ ...limits.batchSize, softMax: 8, step: 1 },
    },
  } satisfies Partial<Record<keyof GenerationRequest, FieldDescription>>
}

function advancedFields(t: Translate, request: GenerationRequest) {
  const openAt = (at: number) => ({ openText: t('field.auto'), openAt: at })
  return {
    turbo: {
      ...{ kind: 'choice', label: t('field.turbo'), help: t('help.turbo') },
      options: (['exact', 'auto', 'turbo'] as const).map((value) => ({ value, label: t(`turbo.${value}`) })),
      toShown: ({ turbo }) => (turbo === 'auto' ? turbo : turbo ? 'turbo' : 'exact'),
      fromShown: (chosen: string) => (chosen === 'auto' ? chosen : chosen === 'turbo'),
    },
    guidanceRescale: { ...share(0.05), label: t('field.rescale'), help: t('help.rescale'), ofText: true },
    clipSkip: {
      ...{ kind: 'number', label: t('field.clipSkip'), help: t('help.clipSkip'), ofText: true },
      ...{ ...limits.clipSkip, step: 1, ...openAt(1) },
    },
    eta: { ...share(0.05), label: t('field.eta'), help: t('help.eta'), ...openAt(0) },
    sChurn: {
      ...{ kind: 'number', label: t('field.sChurn'), help: t('help.sChurn') },
      ...{ min: 0, max: 100, softMax: 40, step: 1 },
    },
    rho: {
      ...{ kind: 'number', label: t('field.rho'), help: t('help.rho') },
      ...{ min: 1, max: 100, softMax: 15, step: 0.5, ...openAt(7) },
    },
    seedConvention: {
      ...{ kind: 'select', label: t('field.seedConvention'), help: t('help.seedConvention') },
      options: seedConventions.map((name) => ({ value: name, label: name })),
    },
    variationSeed: {
      ...{ kind: 'number', label: t('field.variationSeed'), help: t('help.variationSeed') },
      ...{ min: -1, max: Number.MAX_SAFE_INTEGER, softMax: 4294967295, step: 1 },
      ...{ openText: t('field.off'), openAt: 0 },
      toShown: ({ variationSeed }) => (variationSeed === null ? null : Number(variationSeed)),
      // Other programs write -1 for a new seed.
      fromShown: (seed: number | null) => (seed === -1 ? randomSeed() : seed),
    },
    variationStrength: {
      ...{ ...share(0.01), label: t('field.variationStrength'), help: t('help.variationStrength') },
      isHidden: request.variationSeed === null,
    },
    batchChoices: {
      ...{ kind: 'choice', label: t('field.batchChoices'), help: t('help.batchChoices'), ofText: true },
      options: batchChoices.map((value) => ({ value, label: t(`batchChoices.${value}`) })),
    },
  } satisfies Partial<Record<keyof GenerationRequest, FieldDescription>>
}

type Translate = (key: string) => string
interface Notes {
  sampler: Record<string, string>
  schedule: Record<string, string>
}

export type MainField = keyof ReturnType<typeof mainFields>
export type AdvancedField = keyof ReturnType<typeof advancedFields>

/** Every plain field of the form, in the person's language: described once for all that show one. */
export const useFormFields = createSharedComposable(() => {
  const { t, tm } = useI18n()
  const form = useForm()
  return computed((): Record<MainField | AdvancedField, FieldDescription> => {
    const notes: Notes = { sampler: tm('samplerNote'), schedule: tm('scheduleNote') }
    return { ...mainFields(t, notes, form.request), ...advancedFields(t, form.request) }
  })
})
