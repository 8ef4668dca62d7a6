import { computed, watch } from 'vue'
import { useConnection } from '../../stores/connection.ts'
import { useForm } from '../../stores/form.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useLive } from '../../stores/live.ts'
import { studio } from '../../studio.ts'

/** Ms between two askings: a model that had nothing to do for a while may have been closed meanwhile. */
const pause = 20_000

/**
 * Has the model opened while a prompt is typed, so that the picture begins with the click. What is typed before it is known
 * which models there are counts once that is.
 */
export function useOpenAhead(): void {
  const connection = useConnection()
  const form = useForm()
  const jobs = useJobs()
  const live = useLive()
  let isTyped = false
  let askedAt = -Infinity

  /** Live drawing opens it anyway. */
  const canOpen = computed(
    () => connection.state === 'connected' && !!form.model?.info && !live.on && !jobs.current,
  )

  function openIfTyped(): void {
    if (!isTyped || !canOpen.value || performance.now() - askedAt < pause) return
    isTyped = false
    askedAt = performance.now()
    // What is wrong with a request is said when it is sent.
    void studio.prepare(form.toRequest()).catch(() => null)
  }

  watch([() => form.request.prompt, () => form.request.negativePrompt], () => {
    isTyped = true
    openIfTyped()
  })
  watch(canOpen, openIfTyped)
}
