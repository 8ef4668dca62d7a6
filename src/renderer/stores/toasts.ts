import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'

export interface Toast {
  id: number
  message: string
  error?: ErrorRecord
  action?: { label: string; run: () => void }
}

/** Short messages in the bar at the top of the window, the newest last. */
export const useToasts = defineStore('toasts', () => {
  const toasts = shallowRef<Toast[]>([])
  let count = 0

  /** A message takes the place of an equal one that still shows. */
  function show(toast: Omit<Toast, 'id'>): void {
    toasts.value = [
      ...toasts.value.filter(({ message }) => message !== toast.message),
      { ...toast, id: ++count },
    ].slice(-3)
  }

  function close(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  /** Does what the newest message offers under this name; false where none does. */
  function accept(label: string): boolean {
    const toast = toasts.value.findLast(({ action }) => action?.label === label)
    if (!toast) return false
    close(toast.id)
    toast.action?.run()
    return true
  }

  /** Does some work; what goes wrong is said, and the answer is undefined. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      const record = toErrorRecord(error)
      show({ message: record.message, error: record })
      return undefined
    }
  }

  return { toasts, show, close, accept, attempt }
})
