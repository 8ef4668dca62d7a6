import { useEventListener } from '@vueuse/core'

/** What a press acts on. */
const controls = 'a[href], button, summary, [role="menuitem"], [role="option"]'
const controlAt = ({ target }: Event): Element | null =>
  target instanceof Element ? target.closest(controls) : null

/**
 * One press does one thing, where the first makes way for another control: the second click of a double click, and Enter
 * that is held, would do what nobody has read yet ("Make what is missing" becomes "Stop"). Text fields hear of a held Enter.
 */
export function useOnePress(): void {
  let first: Element | null = null

  const keep = (event: Event): void => {
    event.preventDefault()
    event.stopPropagation()
  }

  useEventListener(
    window,
    'click',
    (event) => {
      const control = controlAt(event)
      if (event.detail === 2 && control !== first) return keep(event)
      first = control
    },
    { capture: true },
  )
  useEventListener(
    window,
    'keydown',
    (event) => {
      if (event.key === 'Enter' && event.repeat && controlAt(event)) keep(event)
    },
    { capture: true },
  )
}
