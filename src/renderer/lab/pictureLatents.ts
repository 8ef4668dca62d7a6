import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { PictureLatents } from '../../shared/calls/labCalls.ts'
import { useConnection } from '../stores/connection.ts'
import { useJobs } from '../stores/jobs.ts'
import { studio } from '../studio.ts'
import { unpackFloat32 } from './numbers.ts'

/** A picture's clean latents and the noise that is added to them. */
export interface Seen extends Omit<PictureLatents, 'latents' | 'noise'> {
  /** Which picture, model and seed it is of. */
  key: string
  shape: { channels: number; height: number; width: number }
  latents: Float32Array
  noise: Float32Array
}

interface Asked {
  model: string
  /** `image:ID` or `input:ID`; empty: none yet. */
  picture: string
  seed: number
}

/** Ms after which a look is asked for again that another one ended. */
const pause = 1000

/** Asks the studio for a picture's latents whenever another one is meant; while a job runs, once it is done. */
export function usePictureLatents(asked: () => Asked) {
  const connection = useConnection()
  const jobs = useJobs()
  const seen = shallowRef<Seen | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  const loading = ref(false)
  const waits = computed(() => jobs.running !== null)
  let newest = ''
  let timer = 0

  async function ask(): Promise<void> {
    const { model, picture, seed } = asked()
    const key = JSON.stringify([model, picture, seed])
    if (picture === '' || model === '' || connection.state !== 'connected' || seen.value?.key === key) return
    newest = key
    clearTimeout(timer)
    problem.value = null
    loading.value = true
    const [kind, id = null] = picture.split(':')
    const named = kind === 'input' ? { inputId: id } : { imageId: id }
    try {
      const answer = await studio.latents({ model, seed, ...named })
      if (newest !== key) return
      if (answer) seen.value = { ...answer, ...numbersOf(answer), key }
      // Another window's look took its place, which does not last.
      else if (!waits.value) timer = window.setTimeout(() => void ask(), pause)
    } catch (error) {
      if (newest !== key) return
      seen.value = null
      problem.value = toErrorRecord(error)
    } finally {
      if (newest === key) loading.value = false
    }
  }

  watch(
    () => [JSON.stringify(asked()), connection.state, jobs.running === null],
    () => void ask(),
    { immediate: true },
  )
  onScopeDispose(() => {
    // An answer that is still to come asks for nothing more: it would end what the next page looks at.
    newest = ''
    clearTimeout(timer)
  })
  return { seen, problem, loading, waits, again: ask }
}

/** Latents and noise in numbers. */
export function numbersOf({ latents: { data, ...shape }, noise }: PictureLatents) {
  return { shape, latents: unpackFloat32(data), noise: unpackFloat32(noise) }
}
