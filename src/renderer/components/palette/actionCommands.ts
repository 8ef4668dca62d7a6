import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useDrawingTools } from '../../composables/request/drawingTools.ts'
import { useUpscaleChoice } from '../../composables/request/upscaleChoice.ts'
import { useStartPicture } from '../../stores/startPicture.ts'
import { useOverlays } from '../../composables/frame/overlays.ts'
import { usePanels } from '../../composables/frame/panels.ts'
import { usePictureActions } from '../../composables/pictures/pictureActions.ts'
import { useQueueActions } from '../../composables/queue/queueActions.ts'
import { goTo } from '../../composables/frame/place.ts'
import { useReport } from '../../composables/frame/report.ts'
import { useViewer } from '../../stores/viewer.ts'
import { useAsking } from '../../stores/asking.ts'
import { useForever } from '../../stores/forever.ts'
import { useFilm } from '../../stores/film.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useLive } from '../../stores/live.ts'
import { useStage } from '../../stores/stage.ts'
import type { Command } from './commands.ts'

type Actions = readonly (Omit<Command, 'group'> | false | null)[]

/** What can be done with the queue, with the picture on the canvas, and with the window. */
export function useActionCommands(): ComputedRef<Command[]> {
  const work = useWorkActions()
  const picture = useStageActions()
  const drawing = useDrawingActions()
  const view = useWindowActions()
  return computed(() =>
    [...work(), ...picture(), ...drawing(), ...view()]
      .filter((action) => action !== false && action !== null)
      .map((action) => ({ ...action, group: 'actions' as const })),
  )
}

function useWorkActions(): () => Actions {
  const { t } = useI18n()
  const { pause, pauseAll, resumeAll, cancel, cancelAll } = useQueueActions()
  const asking = useAsking()
  const jobs = useJobs()
  const live = useLive()
  const forever = useForever()

  function makePicture(): void {
    goTo('create')
    void asking.generate()
  }

  function toggleForever(): void {
    goTo('create')
    forever.toggle()
  }
  return () => {
    const { current } = jobs
    return [
      asking.ready && {
        id: 'generate',
        title: t(current ? 'generate.more' : 'generate.label'),
        shortcut: 'generate' as const,
        run: makePicture,
      },
      current && {
        id: 'cancel',
        title: t('keys.cancel'),
        shortcut: 'cancel' as const,
        run: () => cancel(current.id),
      },
      current && { id: 'pause', title: t('palette.pause'), run: () => pause(current.id) },
      jobs.queued.length > 0 && { id: 'pauseAll', title: t('palette.pauseAll'), run: pauseAll },
      jobs.paused.length > 0 && { id: 'resumeAll', title: t('palette.resumeAll'), run: resumeAll },
      jobs.queued.length > 0 && { id: 'cancelAll', title: t('palette.cancelAll'), run: cancelAll },
      { id: 'live', title: t('live.label'), also: t('live.help'), isCurrent: live.on, run: live.toggle },
      asking.ready && {
        id: 'forever',
        title: t('forever.label'),
        also: t('forever.help'),
        isCurrent: forever.on,
        run: toggleForever,
      },
    ]
  }
}

function useStageActions(): () => Actions {
  const { t } = useI18n()
  const film = useFilm()
  const stage = useStage()
  const { openViewer } = useViewer()
  const { rerun, reuse, reuseSeed, startFrom, refine, upscale, copyPicture, savePicture, trash } =
    usePictureActions()
  const { upscaler, scale } = useUpscaleChoice()

  return () => {
    const { image } = stage
    if (!image) return []
    return [
      { id: 'open', title: t('action.openFull'), run: () => openViewer(film.images, image.id) },
      { id: 'rerun', title: t('action.rerun'), run: () => rerun(image) },
      { id: 'reuse', title: t('action.reuse'), run: () => reuse(image) },
      { id: 'reuseSeed', title: t('action.reuseSeed'), run: () => reuseSeed(image) },
      { id: 'startFrom', title: t('action.startFrom'), run: () => startFrom(image) },
      { id: 'refine', title: t('action.refine'), also: t('actionHelp.refine'), run: () => refine(image) },
      {
        id: 'upscale',
        title: `${t('larger.start')}: ${scale.value} × ${upscaler.value}`,
        also: t('actionHelp.upscale'),
        run: () => upscale(image, { upscaler: upscaler.value, scale: scale.value }),
      },
      {
        id: 'copyPicture',
        title: t('action.copyPicture'),
        shortcut: 'copyPicture' as const,
        run: () => copyPicture(image.id),
      },
      {
        id: 'savePicture',
        title: t('keys.savePicture'),
        shortcut: 'savePicture' as const,
        run: () => savePicture(image.id),
      },
      { id: 'trash', title: t('action.trash'), run: () => trash([image]) },
    ]
  }
}

function useDrawingActions(): () => Actions {
  const { t } = useI18n()
  const start = useStartPicture()
  const { openMask, openSketch } = useDrawingTools()

  function draw(open: () => void): void {
    goTo('create')
    open()
  }
  return () => [
    start.picture && {
      id: 'mask',
      title: t('mask.open'),
      also: t('mask.openHelp'),
      run: () => draw(openMask),
    },
    { id: 'sketch', title: t('sketch.open'), also: t('sketch.help'), run: () => draw(openSketch) },
  ]
}

function useWindowActions(): () => Actions {
  const { t } = useI18n()
  const { queue, settings, shortcuts, tour, news } = useOverlays()
  const { detailsOpen } = usePanels()
  const copyReport = useReport()

  function toggleDetails(): void {
    detailsOpen.value = !detailsOpen.value
    goTo('create')
  }
  return () => [
    { id: 'queue', title: t('palette.queue'), run: () => (queue.value = true) },
    {
      id: 'settings',
      title: t('settings.title'),
      shortcut: 'settings' as const,
      run: () => (settings.value = true),
    },
    {
      id: 'shortcuts',
      title: t('keys.title'),
      shortcut: 'shortcuts' as const,
      run: () => (shortcuts.value = true),
    },
    {
      id: 'details',
      title: t('actionHelp.details'),
      isCurrent: detailsOpen.value,
      run: toggleDetails,
    },
    { id: 'tour', title: t('firstRun.tour'), run: () => (tour.value = true) },
    { id: 'news', title: t('firstRun.newsTitle'), run: () => (news.value = true) },
    { id: 'report', title: t('settings.reportCopy'), also: t('settings.report'), run: copyReport },
  ]
}
