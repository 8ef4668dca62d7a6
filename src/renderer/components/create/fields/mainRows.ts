import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { fastSchema } from '../../../../shared/request/fast.ts'
import { limits } from '../../../../shared/request/limits.ts'
import { samplers, schedules, type SamplerName } from '../../../../shared/models/samplers.ts'
import { modelTitle } from '../../../composables/words/modelTitle.ts'
import { useForm } from '../../../stores/form.ts'
import { useModels } from '../../../stores/models.ts'
import type { SelectOption } from '../../controls/fields/fields.ts'
import { placeOf, rowsOf, type Line } from './rows.ts'
import { useSize } from './size.ts'

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

/** The fields that most pictures are made with, in the person's language. */
export function useMainRows() {
  const { t } = useI18n()
  const form = useForm()
  const models = useModels()
  const place = placeOf(form)
  const methods = useMethods()
  const sizes = useSizeFields()

  const modelOptions = computed(() =>
    models.models.map((model) => ({
      value: model.id,
      label: modelTitle(model),
      disabled: model.info === null,
    })),
  )
  const ofText = computed(() => ({ isHidden: !form.readsText }))

  return computed(() => ({
    size: sizes.value.line,
    seed: {
      ...{ label: t('field.seed'), help: t('help.seed') },
      ...{ changed: form.seedLocked, reset: () => (form.seedLocked = false) },
    } satisfies Line,
    ...rowsOf(
      {
        model: {
          ...{ kind: 'select', label: t('field.model'), help: t('help.model'), options: modelOptions.value },
          ...{ value: form.request.model, set: form.chooseModel },
          reset: () => form.chooseModel(form.modelDefaults.model),
        },
        ...sizes.value.sides,
        steps: {
          ...{ kind: 'number', label: t('field.steps'), help: t('help.steps') },
          ...{ ...limits.steps, softMax: 60, step: 1 },
        },
        guidanceScale: {
          ...{ kind: 'number', label: t('field.guidance'), help: t('help.guidance'), ...ofText.value },
          ...{ ...limits.guidanceScale, softMax: 15, step: 0.1 },
        },
        ...methods.value,
        fast: {
          ...{ kind: 'choice', label: t('field.speed'), help: t('help.speed') },
          options: (['exact', 'fast'] as const).map((value) => ({ value, label: t(`speed.${value}`) })),
          value: form.request.fast === null ? 'exact' : 'fast',
          // A picture's own settings of "Fast" that were taken over stay until a person chooses anew.
          set: (chosen: string) => place.write('fast', chosen === 'exact' ? null : fastSchema.parse({})),
        },
        batchSize: {
          ...{ kind: 'number', label: t('field.batch'), help: t('help.batch') },
          ...{ ...limits.batchSize, softMax: 8, step: 1 },
        },
      },
      place,
    ),
  }))
}

/** Both sides in one line, each a number of its own. */
function useSizeFields() {
  const { t } = useI18n()
  const form = useForm()
  const { range, setSide, setSize } = useSize()
  return computed(() => {
    const { width, height } = form.modelDefaults
    const side = { kind: 'number', help: t('help.size'), ...range.value } as const
    return {
      line: {
        ...{ label: t('field.size'), help: t('help.size') },
        changed: form.isChanged('width') || form.isChanged('height'),
        reset: () => setSize(null, null),
      },
      sides: {
        width: {
          ...{ ...side, label: t('field.width'), value: form.width },
          set: (length: number | null) => setSide('width', length),
          reset: () => setSize(width, form.height),
        },
        height: {
          ...{ ...side, label: t('field.height'), value: form.height },
          set: (length: number | null) => setSide('height', length),
          reset: () => setSize(form.width, height),
        },
      },
    }
  })
}

/** Sampler and schedule: each name with what it is good for, and that of the one chosen in the help. */
function useMethods() {
  const { t, tm } = useI18n()
  const form = useForm()
  const named = (names: readonly { name: string }[], notes: Record<string, string>): SelectOption<string>[] =>
    names.map(({ name }) => ({ value: name, label: name, note: notes[name] ?? '' }))
  const options = computed(() => ({
    sampler: named(samplers, tm('samplerNote')),
    schedule: named(schedules, tm('scheduleNote')),
  }))
  const field = (name: 'sampler' | 'schedule') => {
    const chosen = form.request[name]
    const note = options.value[name].find(({ value }) => value === chosen)?.note
    const help = t(`help.${name}`)
    return {
      ...{ kind: 'select' as const, label: t(`field.${name}`), options: options.value[name] },
      help: note ? `${help} ${chosen}: ${note}.` : help,
    }
  }
  return computed(() => ({
    sampler: { ...field('sampler'), common: commonSamplers },
    schedule: field('schedule'),
  }))
}
