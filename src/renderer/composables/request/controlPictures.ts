import { computed, shallowRef, watch, type MaybeRefOrGetter, toValue } from 'vue'
import { watchDebounced } from '@vueuse/core'
import { controlSchema, type ControlRequest } from '../../../shared/request/controls.ts'
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import { isOfFamily } from '../../../shared/models/families.ts'
import type { OwnedFile } from '../../../shared/models/ownedFile.ts'
import { useFiles } from '../../stores/files.ts'
import { useForm } from '../../stores/form.ts'
import { studio } from '../../studio.ts'
import { upload } from './upload.ts'

/** The pictures that steer the drawing: added, changed one by one, and taken away. */
export function useControlPictures() {
  const form = useForm()
  const files = useFiles()
  const problem = shallowRef<ErrorRecord | null>(null)

  /** The ControlNets and T2I-Adapters that can be used with the model chosen. */
  const networks = computed((): OwnedFile[] => {
    const family = form.model?.info?.family ?? null
    return files.files.filter((file) => isControl(file) && file.problem === null && isOfFamily(file, family))
  })

  function put(controls: readonly ControlRequest[]): void {
    form.request = { ...form.request, controls: [...controls] }
  }

  /** Takes a picture in, for the control that lacks its own; a new one has the first network that fits. */
  async function add(file: Blob, index = form.request.controls.length): Promise<void> {
    problem.value = null
    try {
      const image = { id: (await upload(file)).id }
      const control = form.request.controls[index] ?? { model: networks.value[0].name }
      put(form.request.controls.toSpliced(index, 1, controlSchema.parse({ ...control, image })))
    } catch (error) {
      problem.value = toErrorRecord(error)
    }
  }

  /** Another preprocessor begins with its own settings. */
  const change = (index: number, changed: Partial<ControlRequest>): void =>
    put(
      form.request.controls.map((control, at) => {
        if (at !== index) return control
        const settings = changed.preprocessor ? {} : control.settings
        return controlSchema.parse({ ...control, settings, ...changed })
      }),
    )

  // What was refused is no longer of interest once there are other pictures.
  watch(
    () => form.request.controls.map(({ image }) => image?.id).join(),
    () => (problem.value = null),
  )

  const remove = (index: number): void => put(form.request.controls.filter((_, at) => at !== index))

  return { networks, problem, add, change, remove }
}

const isControl = ({ kind }: OwnedFile): boolean => kind === 'controlnet' || kind === 't2i-adapter'

/** The address of what the network will see of a control picture; null until it is known. */
export function useControlPreview(control: MaybeRefOrGetter<ControlRequest>) {
  const form = useForm()
  const url = shallowRef<string | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  let newest = 0
  const asked = computed(() => {
    const { image, preprocessor, settings } = toValue(control)
    return image && { image, preprocessor, settings, width: form.width ?? 512, height: form.height ?? 512 }
  })
  async function look(): Promise<void> {
    const own = ++newest
    if (!asked.value) return
    try {
      const answer = await studio.controlPreview(asked.value)
      if (own === newest) [url.value, problem.value] = [answer, null]
    } catch (error) {
      if (own === newest) problem.value = toErrorRecord(error)
    }
  }
  void look()
  watchDebounced(() => JSON.stringify(asked.value), look, { debounce: 150 })
  watch(
    () => asked.value?.image.id,
    () => (url.value = null),
  )
  return { url, problem }
}
