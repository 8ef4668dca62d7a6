import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Draft, Job } from '../../shared/queue/jobs.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import { useFitting } from '../composables/request/fitting.ts'
import type { Fitting } from '../mask/fitting.ts'
import { useFilm } from './film.ts'
import { useForm } from './form.ts'
import { useJobs } from './jobs.ts'
import { useLive } from './live.ts'
import { useMask } from './mask.ts'
import { useSketch } from './sketch.ts'

export type Shown =
  | { kind: 'empty' }
  | { kind: 'job'; job: Job }
  | { kind: 'failed'; job: Job }
  | { kind: 'draft'; draft: Draft }
  | { kind: 'image'; image: ImageRecord }
  | { kind: 'start'; fitting: Fitting }

/**
 * What lies on the canvas. A picture that was picked stays until something new is asked for; otherwise the
 * canvas follows the work: the job in progress, the live draft, the failure of the last one asked for, the newest picture.
 * While a person sees to how the picture to start from is brought to size, that lies there as it will be used.
 */
export const useStage = defineStore('stage', () => {
  const jobs = useJobs()
  const film = useFilm()
  const live = useLive()
  const picked = shallowRef<ImageRecord | null>(null)
  const followedJobId = ref<string | null>(null)
  const { fitted, fit, stopFitting } = seeFitting(() => jobs.current !== null)

  const shown = computed<Shown>(() => {
    if (fitted.value) return { kind: 'start', fitting: fitted.value }
    if (picked.value) return { kind: 'image', image: picked.value }
    if (jobs.current) return { kind: 'job', job: jobs.current }
    if (live.draft) return { kind: 'draft', draft: live.draft }
    const followed = followedJobId.value === null ? null : jobs.byId(followedJobId.value)
    if (followed?.state === 'failed') return { kind: 'failed', job: followed }
    const newest = film.images[0]
    return newest ? { kind: 'image', image: newest } : { kind: 'empty' }
  })
  const image = computed(() => (shown.value.kind === 'image' ? shown.value.image : null))

  /** The job on the canvas, in the making or failed. */
  const job = computed(() => ('job' in shown.value ? shown.value.job : null))

  function pick(image: ImageRecord): void {
    stopFitting()
    picked.value = image
  }

  function follow(jobId?: string): void {
    stopFitting()
    picked.value = null
    if (jobId !== undefined) followedJobId.value = jobId
  }

  /** Shows a job that was just asked for. */
  function start(job: Job): void {
    jobs.add(job)
    follow(job.id)
  }

  // What is typed or scribbled is looked at, whatever lay there before.
  watch(
    () => live.draft,
    (draft) => draft && follow(),
  )

  /** The neighbour takes the place of a picture that goes. */
  function leave(ids: readonly string[]): void {
    if (!picked.value || !ids.includes(picked.value.id)) return
    const from = film.images.findIndex(({ id }) => id === picked.value?.id)
    const stays = (candidate: ImageRecord): boolean => !ids.includes(candidate.id)
    picked.value =
      film.images.slice(from).find(stays) ?? film.images.slice(0, Math.max(from, 0)).findLast(stays) ?? null
  }

  return { shown, image, job, pick, follow, start, fit, stopFitting, leave }
})

/** How the picture to start from is brought to size, while a person sees to that. */
function seeFitting(isMaking: () => boolean) {
  const form = useForm()
  const mask = useMask()
  const sketch = useSketch()
  const fitting = useFitting()
  const isSeen = ref(false)
  const isDrawnOn = computed(() => sketch.isOpen || mask.isOpen)

  /** Unless a person asks, not over a picture in the making, nor beside what is drawn on, which has the room. */
  function fit(isAsked = false): void {
    if (fitting.value && (isAsked || !(isMaking() || isDrawnOn.value))) isSeen.value = true
  }
  function stopFitting(): void {
    isSeen.value = false
  }
  watch(isDrawnOn, stopFitting)
  watch(
    () => form.request.initImage?.id,
    () => fit(),
  )

  return { fitted: computed(() => (isSeen.value ? fitting.value : null)), fit, stopFitting }
}
