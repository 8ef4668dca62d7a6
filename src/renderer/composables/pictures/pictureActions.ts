import { useI18n } from 'vue-i18n'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { Job } from '../../../shared/queue/jobs.ts'
import type { GenerationRequest } from '../../../shared/request/request.ts'
import { inpaintSchema } from '../../../shared/request/inpaint.ts'
import type { Upscale } from '../../../shared/request/passes.ts'
import { assetPaths } from '../../../shared/assetPaths.ts'
import { StudioError } from '../../../shared/errors.ts'
import { useFilm } from '../../stores/film.ts'
import { useForm } from '../../stores/form.ts'
import { useLibrary } from '../../stores/library.ts'
import { useMask } from '../../stores/mask.ts'
import { useStage } from '../../stores/stage.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'
import { goTo } from '../frame/place.ts'
import { useStartPicture } from '../../stores/startPicture.ts'
import { useTakenOver } from '../../stores/takenOver.ts'

/** The marked area alone, at the size that the picture was drawn in: finer than it was. */
const refining: Partial<GenerationRequest> = {
  inpaint: inpaintSchema.parse({ area: 'masked' }),
  denoiseStrength: 0.4,
  hires: null,
  upscale: null,
  batchSize: 1,
}

/** Throwing pictures away, and back. */
function useTrash() {
  const { t, n } = useI18n()
  const film = useFilm()
  const library = useLibrary()
  const stage = useStage()
  const toasts = useToasts()

  async function trash(images: readonly { id: string }[]): Promise<void> {
    const ids = images.map(({ id }) => id)
    if (ids.length === 0) return
    stage.leave(ids)
    film.drop(ids)
    library.drop(ids)
    const done = await toasts.attempt(() => studio.trash(ids).then(() => true))
    if (!done) return void toasts.attempt(() => Promise.all([film.refresh(), library.refresh()]))
    toasts.show({
      message: t('toast.trashed', { count: n(ids.length) }, ids.length),
      action: { label: t('action.undo'), run: () => void restore(ids) },
    })
  }

  async function restore(ids: readonly string[]): Promise<void> {
    const done = await toasts.attempt(() => studio.restore([...ids]).then(() => true))
    if (done) toasts.show({ message: t('toast.restored', { count: n(ids.length) }, ids.length) })
  }

  return { trash, restore }
}

/** What can be done with finished pictures, wherever they show. */
export function usePictureActions() {
  const stage = useStage()
  const toasts = useToasts()

  /** Shows the job that a call queues. */
  async function watchJob(queue: () => Promise<Job>): Promise<void> {
    const job = await toasts.attempt(queue)
    if (!job) return
    stage.start(job)
    goTo('create')
  }

  const rerun = (image: ImageRecord): Promise<void> => watchJob(() => studio.rerun(image.id))

  const upscale = (image: ImageRecord, by: Upscale): Promise<void> =>
    watchJob(() => studio.upscale({ imageId: image.id, ...by }))

  return { rerun, upscale, ...useIntoControls(rerun), ...useTrash(), ...useClipboard(), savePicture }
}

/** Has the browser or the system keep a copy, with its generation data, where the person says. */
function savePicture(imageId: string): void {
  const link = document.createElement('a')
  link.href = assetPaths.image(imageId)
  link.download = `${imageId}.png`
  link.click()
}

/** Putting a picture, or what is said of it, where other programs paste it from. */
function useClipboard() {
  const { t } = useI18n()
  const toasts = useToasts()

  async function put(write: () => Promise<void>, refusal: string): Promise<void> {
    await toasts.attempt(async () => {
      try {
        await write()
      } catch {
        throw new StudioError('internal', refusal)
      }
      toasts.show({ message: t('toast.copied') })
    })
  }
  const copy = (text: string): Promise<void> =>
    put(() => navigator.clipboard.writeText(text), t('toast.notCopied'))

  /** The picture is fetched while the person's press still counts as leave to write. */
  const copyPicture = (imageId: string): Promise<void> => {
    const png = async (): Promise<Blob> => (await fetch(assetPaths.image(imageId))).blob()
    return put(
      () => navigator.clipboard.write([new ClipboardItem({ 'image/png': png() })]),
      t('toast.pictureNotCopied'),
    )
  }

  return { copy, copyPicture }
}

/** What makes a picture, or how it was made, the next request. */
function useIntoControls(rerun: (image: ImageRecord) => Promise<void>) {
  const { t } = useI18n()
  const form = useForm()
  const mask = useMask()
  const toasts = useToasts()
  const start = useStartPicture()
  const takenOver = useTakenOver()

  /** What another program recorded is taken as from a file that is dropped: what does not fit is said. */
  async function takeImported(image: ImageRecord): Promise<void> {
    const generation = await studio.importedGeneration(image.id)
    if (!generation) return
    await takenOver.take(generation)
    toasts.show({ message: t('toast.settingsTaken') })
    goTo('create')
  }

  function reuse(image: ImageRecord): void {
    if (image.imported) return void toasts.attempt(() => takeImported(image))
    form.take(image.request)
    const again = { label: t('action.rerun'), run: () => void rerun(image) }
    if (image.request.branch) toasts.show({ message: t('toast.branchTaken'), action: again })
    else toasts.show({ message: t('toast.settingsTaken') })
    goTo('create')
  }

  function reuseSeed(image: ImageRecord): void {
    form.lockSeed(image.request.seed)
    toasts.show({ message: t('toast.seedTaken', { seed: image.request.seed }) })
    goTo('create')
  }

  async function startFrom(image: ImageRecord): Promise<void> {
    await start.takeUrl(image.url)
    goTo('create')
  }

  /** The picture's own settings, made ready to paint a part of it anew, finer and nearly the same. */
  async function refine(image: ImageRecord): Promise<void> {
    form.take({ ...image.request, initImage: null, mask: null, controls: [] })
    goTo('create')
    await start.takeUrl(image.url)
    if (!start.picture) return
    form.request = { ...form.request, ...refining }
    mask.isOpen = true
    toasts.show({ message: t('toast.refining') })
  }

  return { reuse, reuseSeed, startFrom, refine }
}
