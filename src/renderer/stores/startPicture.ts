import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { assetPaths } from '../../shared/assetPaths.ts'
import { type ErrorRecord, toErrorRecord } from '../../shared/errors.ts'
import type { Generation, Inspection } from '../../shared/library/generation.ts'
import type { InputImage } from '../../shared/library/history.ts'
import type { GenerationRequest } from '../../shared/request/request.ts'
import { send, upload } from '../composables/request/upload.ts'
import { studio } from '../studio.ts'
import { useConnection } from './connection.ts'
import { useForm } from './form.ts'
import { useMask } from './mask.ts'
import { useTakenOver } from './takenOver.ts'

/** The picture that image-to-image starts from: taken in from a file or an address, kept by the studio. */
export const useStartPicture = defineStore('startPicture', () => {
  const form = useForm()
  const takenOver = useTakenOver()
  const { picture, problem, busy, sketchId, found } = nothingTaken()
  /** Counts pictures that are taken in: only the last one counts, until it is taken away. */
  let asked = 0

  function set(taken: InputImage, keepsMask = false): void {
    picture.value = taken
    form.request = startingFrom(form.request, taken.id, keepsMask)
  }

  function clear(): void {
    asked++
    busy.value = false
    picture.value = problem.value = found.value = null
    form.request = { ...form.request, initImage: null, mask: null }
  }

  async function take(read: () => Promise<Blob>): Promise<void> {
    const own = ++asked
    busy.value = true
    problem.value = found.value = takenOver.report = null
    try {
      const file = await read()
      const taken = await upload(file)
      if (own !== asked) return
      set(taken)
      const told = await inspect(file)
      if (own === asked) found.value = told
    } catch (error) {
      if (own === asked) problem.value = toErrorRecord(error)
    }
    if (own === asked) busy.value = false
  }

  /** A sketch in the making: it tells nothing of how it was made, and a newer one follows soon. */
  async function takeSketch(sketch: Blob): Promise<void> {
    const own = asked
    try {
      const taken = await upload(sketch)
      // A file was taken in meanwhile, or the picture was taken away.
      if (own !== asked) return
      sketchId.value = taken.id
      problem.value = null
      set(taken, isSameSize(picture.value, taken))
    } catch (error) {
      if (own === asked) problem.value = toErrorRecord(error)
    }
  }

  /** Makes the file's own settings the next request, without the picture. */
  async function useFound(): Promise<void> {
    if (!found.value) return
    const own = asked
    busy.value = true
    await takenOver.take(found.value)
    // Another picture that was taken in meanwhile stays.
    if (own === asked) clear()
  }

  followForm(picture, problem)

  return {
    ...{ found, useFound, picture, problem, busy, clear, sketchId, takeSketch },
    takeFile: (file: Blob) => take(() => Promise.resolve(file)),
    takeUrl: (url: string) => take(async () => (await fetch(url)).blob()),
  }
})

const isSameSize = (one: InputImage | null, other: InputImage): boolean =>
  one?.width === other.width && one.height === other.height

const nothingTaken = () => ({
  picture: shallowRef<InputImage | null>(null),
  problem: shallowRef<ErrorRecord | null>(null),
  busy: ref(false),
  /** The starting picture that came from the sketch pad. */
  sketchId: ref<string | null>(null),
  /** How the picture was made, where its file tells. */
  found: shallowRef<Generation | null>(null),
})

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
function followForm(picture: { value: InputImage | null }, problem: { value: ErrorRecord | null }): void {
  const form = useForm()
  const connection = useConnection()
  const named = (): string | undefined => form.request.initImage?.id

  async function find(id: string): Promise<void> {
    try {
      const found = await studio.inputImage(id)
      if (named() === id) picture.value = found
    } catch (error) {
      const record = toErrorRecord(error)
      // With the next connection it is asked for again.
      if (named() !== id || record.code === 'disconnected') return
      form.request = { ...form.request, initImage: null, mask: null }
      problem.value = record
    }
  }

  watch(
    () => [named(), connection.state] as const,
    ([id, state]) => {
      if (id === undefined) picture.value = null
      if (id === undefined || picture.value?.id === id || state !== 'connected') return
      picture.value = null
      void find(id)
    },
    { immediate: true },
  )
  // Whatever was refused before, another picture is in its place now, or none: at once, before anything else is refused.
  watch(named, () => (problem.value = null), { flush: 'sync' })
  watch([() => picture.value, () => form.request.mask?.id], () => void useMask().lie(picture.value), {
    immediate: true,
  })
}

/** How a file says it was made; null where it says nothing. */
const inspect = async (file: Blob): Promise<Generation | null> =>
  (await send<Inspection>(assetPaths.inspect, file)).generation
