import { ref, shallowRef, watch } from 'vue'
import { assetPaths } from '../../../shared/assetPaths.ts'
import type { InputImage } from '../../../shared/library/history.ts'
import type { Inspection } from '../../../shared/library/generation.ts'
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts'
import type { Generation } from '../../../shared/library/generation.ts'
import type { GenerationRequest } from '../../../shared/request/request.ts'
import { useConnection } from '../../stores/connection.ts'
import { useForm } from '../../stores/form.ts'
import { useMask } from '../../stores/mask.ts'
import { studio } from '../../studio.ts'
import { takeGeneration, takenOver } from './takenOver.ts'
import { send, upload } from './upload.ts'

const picture = shallowRef<InputImage | null>(null)
const problem = shallowRef<ErrorRecord | null>(null)
const busy = ref(false)
/** The starting picture that came from the sketch pad. */
const sketchId = ref<string | null>(null)
/** How the picture was made, where its file tells. */
const found = shallowRef<Generation | null>(null)
/** Counts pictures that are taken in: only the last one counts, until it is taken away. */
let asked = 0

/** The picture that image-to-image starts from: taken in from a file or an address, kept by the studio. */
export function useStartPicture() {
  const form = useForm()

  function set(taken: InputImage, keepsMask = false): void {
    picture.value = taken
    form.request = startingFrom(form.request, taken.id, keepsMask)
  }

  function clear(): void {
    asked++
    busy.value = false
    picture.value = null
    problem.value = null
    found.value = null
    form.request = { ...form.request, initImage: null, mask: null }
  }

  async function take(read: () => Promise<Blob>): Promise<void> {
    const own = ++asked
    busy.value = true
    problem.value = null
    found.value = null
    takenOver.value = null
    try {
      const file = await read()
      const taken = await upload(file)
      if (own !== asked) return
      set(taken)
      const told = await inspect(file)
      if (own === asked) found.value = told
    } catch (error) {
      if (own === asked) problem.value = toErrorRecord(error)
    } finally {
      if (own === asked) busy.value = false
    }
  }

  /** A sketch in the making: it tells nothing of how it was made, and a newer one follows soon. */
  async function takeSketch(sketch: Blob): Promise<void> {
    try {
      const taken = await upload(sketch)
      sketchId.value = taken.id
      problem.value = null
      const { width, height } = picture.value ?? {}
      set(taken, width === taken.width && height === taken.height)
    } catch (error) {
      problem.value = toErrorRecord(error)
    }
  }

  /** Makes the file's own settings the next request, without the picture. */
  async function useFound(): Promise<void> {
    const generation = found.value
    if (!generation) return
    busy.value = true
    await takeGeneration(generation).finally(() => (busy.value = false))
    clear()
  }

  return {
    ...{ found, useFound, picture, problem, busy, clear, sketchId, takeSketch },
    takeFile: (file: Blob) => take(() => Promise.resolve(file)),
    takeUrl: (url: string) => take(async () => (await fetch(url)).blob()),
  }
}

/** A mask belongs to its picture, and so does what is added to that. */
function startingFrom(request: GenerationRequest, id: string, keepsMask: boolean): GenerationRequest {
  const { initImage, mask, inpaint } = request
  return {
    ...request,
    initImage: { id, resizeMode: initImage?.resizeMode ?? 'crop' },
    mask: keepsMask ? mask : null,
    inpaint: inpaint && { ...inpaint, outpaint: keepsMask ? inpaint.outpaint : null },
  }
}

/** Looks up the picture that the form names: after a reload, or when settings were taken over. */
export function keepStartPicture(): void {
  const form = useForm()
  const connection = useConnection()
  watch(
    () => [form.request.initImage?.id, connection.state] as const,
    async ([id, state]) => {
      if (id === undefined) picture.value = null
      if (id === undefined || picture.value?.id === id || state !== 'connected') return
      picture.value = null
      picture.value = await studio.inputImage(id).catch((error: unknown) => {
        form.request = { ...form.request, initImage: null, mask: null }
        problem.value = toErrorRecord(error)
        return null
      })
    },
    { immediate: true },
  )
  // Whatever was refused before, another picture is in its place now, or none: at once, before anything else is refused.
  watch(
    () => form.request.initImage?.id,
    () => (problem.value = null),
    { flush: 'sync' },
  )
  watch([picture, () => form.request.mask?.id], () => void useMask().lie(picture.value), { immediate: true })
}

/** How a file says it was made; null where it says nothing. */
const inspect = async (file: Blob): Promise<Generation | null> =>
  (await send<Inspection>(assetPaths.inspect, file)).generation
