import { defineStore } from 'pinia'
import { useLocalStorage } from '@vueuse/core'
import { computed, ref, shallowRef } from 'vue'
import type { Status } from '../../shared/calls/contract.ts'
import type { Notice } from '../../shared/notices.ts'
import type { DeviceRecord } from '../../shared/models/models.ts'
import { studio } from '../studio.ts'

/** Whether the studio answers, what it says of itself, and its notices that were not dismissed yet. */
export const useConnection = defineStore('connection', () => {
  const state = ref<'connecting' | 'connected' | 'lost'>('connecting')
  /** Lost, and not to be had again by waiting: the studio was started anew, or the person is logged out. */
  const isRefused = ref(false)
  const status = shallowRef<Status | null>(null)
  const devices = shallowRef<DeviceRecord[]>([])
  const notices = shallowRef<Notice[]>([])
  /** How often files were opened with the program. */
  const timesOpened = ref(0)
  const dismissed = useLocalStorage<string[]>('latent-studio.dismissed-notices', [])

  function lose(refused: boolean): void {
    state.value = 'lost'
    isRefused.value = refused
  }

  async function refresh(): Promise<void> {
    status.value = await studio.status()
    notices.value = status.value.notices
  }

  /** Asked for only where the devices are shown: the first answer starts the engine. */
  async function refreshDevices(): Promise<void> {
    devices.value = await studio.devices()
  }

  function sawDevice(device: Status['device']): void {
    if (status.value) status.value = { ...status.value, device }
  }

  function addNotice(notice: Notice): void {
    notices.value = [...notices.value.filter(({ id }) => id !== notice.id), notice]
  }

  function dismiss(id: string): void {
    dismissed.value = [...dismissed.value, id].slice(-200)
  }

  const openNotices = computed(() => notices.value.filter(({ id }) => !dismissed.value.includes(id)))

  return {
    ...{ state, isRefused, status, devices, openNotices, timesOpened },
    ...{ lose, refresh, refreshDevices, sawDevice, addNotice, dismiss },
  }
})
