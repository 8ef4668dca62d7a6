import { computed, shallowRef, watch } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import { useForm } from '../../stores/form.ts'
import { upload } from './upload.ts'

/** As many as a request may have. */
const most = 8

/** The pictures that the model looks at and changes as the prompt says: added, and taken away. */
export function useReferences() {
  const form = useForm()
  const problem = shallowRef<ErrorRecord | null>(null)
  const reads = computed(() => form.model?.info?.readsReferences === true)
  const hasRoom = computed(() => form.request.references.length < most)

  async function add(file: Blob): Promise<void> {
    problem.value = null
    try {
      const { id } = await upload(file)
      form.request = { ...form.request, references: [...form.request.references, { id }] }
    } catch (error) {
      problem.value = toErrorRecord(error)
    }
  }

  function remove(index: number): void {
    form.request = { ...form.request, references: form.request.references.toSpliced(index, 1) }
  }

  // What was refused is no longer of interest once there are other pictures.
  watch(
    () => form.request.references,
    () => (problem.value = null),
  )

  return { reads, hasRoom, problem, add, remove }
}
