import { watchThrottled } from '@vueuse/core'
import { useConnection } from '../../stores/connection.ts'
import { useForm } from '../../stores/form.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useLive } from '../../stores/live.ts'
import { studio } from '../../studio.ts'

/** Ms between two askings: a model that had nothing to do for a while may have been closed meanwhile. */
const pause = 20_000

/** Has the model opened while a prompt is typed, so that the picture begins with the click. */
export function useOpenAhead(): void {
  const connection = useConnection()
  const form = useForm()
  const jobs = useJobs()
  const live = useLive()

  watchThrottled(
    [() => form.request.prompt, () => form.request.negativePrompt],
    () => {
      // Live drawing opens it anyway.
      if (live.on || jobs.current || connection.state !== 'connected' || !form.model?.info) return
      // What is wrong with a request is said when it is sent.
      void studio.prepare(form.toRequest()).catch(() => null)
    },
    { throttle: pause, leading: true, trailing: false },
  )
}
