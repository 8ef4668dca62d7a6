import { shallowRef } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { InputImage } from '../../shared/library/history.ts'
import { inpaintSchema } from '../../shared/request/inpaint.ts'
import type { useForm } from '../stores/form.ts'
import { emptyMask, isEmpty, type Mask } from './mask.ts'

/** Ms of rest after a change before the mask is handed to the studio. */
const rest = 400

/** Masks as pictures that the studio keeps. */
export interface KeptMasks {
  /** Answers the id of the picture. Throws where the studio does not take it. */
  save(mask: Mask): Promise<string>
  /** A picture as a mask for another one, brought to its size. */
  load(id: string, size: Pick<InputImage, 'width' | 'height'>): Promise<Mask>
}

type Form = Pick<ReturnType<typeof useForm>, 'request' | 'width' | 'height'>

/** Has the studio keep the mask after every change, and fetches the one that the form names. */
export function keepMask(
  mask: { value: Mask | null },
  take: (mask: Mask | null) => void,
  form: Form,
  { save, load }: KeptMasks,
) {
  const problem = shallowRef<ErrorRecord | null>(null)
  /** The picture that the mask lies over, and the kept mask that it is the same as. */
  let over = ''
  let savedAs: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving = Promise.resolve()
  let unsaved = false

  async function lie(picture: InputImage | null): Promise<void> {
    const named = form.request.mask?.id ?? null
    const id = picture?.id ?? ''
    if (id === over && (named === savedAs || unsaved)) return
    over = id
    savedAs = named
    unsaved = false
    problem.value = null
    if (!picture) return take(null)
    const isStill = (): boolean => over === id && savedAs === named
    try {
      const kept = named === null ? emptyMask(picture.width, picture.height) : await load(named, picture)
      if (isStill()) take(kept)
    } catch (error) {
      if (!isStill()) return
      problem.value = toErrorRecord(error)
      take(emptyMask(picture.width, picture.height))
    }
  }

  function saveSoon(): void {
    unsaved = true
    clearTimeout(timer)
    timer = setTimeout(() => void settled(), rest)
  }

  /** Waits until the form names the mask as it is; false: it could not be kept, and `problem` says why. */
  function settled(): Promise<boolean> {
    clearTimeout(timer)
    saving = saving.then(saveNow)
    return saving.then(() => !(unsaved && problem.value))
  }

  async function saveNow(): Promise<void> {
    if (!unsaved || !mask.value) return
    unsaved = false
    const [saved, picture] = [mask.value, over]
    try {
      const id = isEmpty(saved) ? null : await save(saved)
      if (over !== picture) return
      problem.value = null
      savedAs = id
      const inpaint = form.request.inpaint ?? inpaintSchema.parse({ area: areaFor(saved, form) })
      form.request = { ...form.request, mask: id === null ? null : { id }, inpaint }
    } catch (error) {
      if (over !== picture) return
      unsaved = true
      problem.value = toErrorRecord(error)
    }
  }

  return { problem, lie, saveSoon, settled }
}

/** A picture of another size than the request's stays as it is where its masked area alone is painted. */
const areaFor = (mask: Mask, { width, height }: Form): 'whole' | 'masked' =>
  mask.width === width && mask.height === height ? 'whole' : 'masked'
