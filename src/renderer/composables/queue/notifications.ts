import { useEventListener } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useJobs } from '../../stores/jobs.ts'
import { useSettings } from '../../stores/settings.ts'
import { useToasts } from '../../stores/toasts.ts'

/** In Electron the shell tells the system; in a browser the page does, where the person has agreed to it. */
const isInShell = window.latentStudio !== undefined
const permission = ref('Notification' in window ? Notification.permission : 'denied')

/** Whether it is told outside the window when pictures are ready, and switching that on and off. */
export function useNotifications() {
  const { t } = useI18n()
  const settings = useSettings()
  const toasts = useToasts()
  const isOn = computed(() => settings.settings.notify && (isInShell || permission.value === 'granted'))

  const isBlocked = computed(() => !isInShell && permission.value === 'denied')

  async function choose(wanted: boolean): Promise<void> {
    if (wanted && !isInShell && 'Notification' in window)
      permission.value = await Notification.requestPermission()
    if (wanted && !isInShell && permission.value !== 'granted')
      return toasts.show({ message: t('notify.blocked') })
    await toasts.attempt(() => settings.change({ notify: wanted }))
  }

  return { isOn, isBlocked, choose }
}

/** Tells what ended while the person was elsewhere; answers how many pictures that were, until they are back. */
export function useEndedElsewhere() {
  const { t } = useI18n()
  const jobs = useJobs()
  const settings = useSettings()
  const { isOn } = useNotifications()
  const ready = ref(0)
  let shown: Notification | null = null

  function tell(title: string, prompt: string): void {
    if (isInShell || !isOn.value) return
    shown?.close()
    // The same tag: one takes the place of the last.
    shown = new Notification(title, { body: settings.settings.tellPrompts ? prompt : '', tag: 'ended' })
    shown.onclick = () => focus()
  }

  watch(
    () => jobs.running?.id,
    (_, endedId) => {
      const ended = endedId === undefined ? null : jobs.byId(endedId)
      if (!ended || document.hasFocus()) return
      if (ended.state === 'failed') tell(t('notify.failed'), ended.request.prompt)
      if (ended.state !== 'done') return
      ready.value += ended.imageIds.length
      tell(t('notify.done', ready.value), ended.request.prompt)
    },
  )
  useEventListener(window, 'focus', () => {
    ready.value = 0
    shown?.close()
    shown = null
  })

  return ready
}
