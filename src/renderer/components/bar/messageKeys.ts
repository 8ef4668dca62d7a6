import { watch, type Ref } from 'vue'
import { useShortcuts } from '../../keys/bind.ts'
import { useToasts } from '../../stores/toasts.ts'

/** Messages by keys: one goes to the newest, Esc closes the one that has the focus, and the hands get back to where they were. */
export function useMessageKeys(list: Ref<HTMLElement | null>) {
  const toasts = useToasts()
  const items = (): Element[] => [...(list.value?.querySelectorAll('li') ?? [])]
  const focused = (): number => items().findIndex((item) => item.contains(document.activeElement))
  let before: HTMLElement | null = null

  useShortcuts({
    messages() {
      const button = items().at(-1)?.querySelector('button')
      if (!button) return false
      if (focused() < 0) before = document.activeElement as HTMLElement
      return button.focus()
    },
  })
  watch(
    () => toasts.toasts,
    () => {
      if (focused() >= 0) return
      const isLost = document.activeElement === document.body || document.activeElement === list.value
      if (isLost) before?.focus()
      before = null
    },
    { flush: 'post' },
  )

  function closeFocused(): void {
    const toast = toasts.toasts[focused()]
    if (toast) toasts.close(toast.id)
  }

  return { closeFocused }
}
