import { useEventListener } from '@vueuse/core'
import { shortcuts, type ShortcutName } from './shortcuts.ts'

/** What a shortcut does; `false`: nothing now, and the key goes on to whoever else hears it. */
type Action<Args extends unknown[]> = (event: KeyboardEvent, ...args: Args) => unknown
type Actions<Args extends unknown[]> = { [Name in ShortcutName]?: Action<Args> }

/** Binds shortcuts for as long as the component lives, wherever in the window the focus is. */
export function useShortcuts(actions: Actions<[]>, { capture = false } = {}): void {
  useEventListener(window, 'keydown', keyHandler(actions), { capture })
}

/**
 * Hears the shortcuts of one element: the listener for its `keydown`. It answers whether the key was one of them. What
 * is done once is not done again while its keys are held, and nobody else hears of them.
 */
export function keyHandler<Args extends unknown[]>(actions: Actions<Args>) {
  const bound = Object.entries(actions) as [ShortcutName, Action<Args>][]
  let taken: ShortcutName | null = null
  return (event: KeyboardEvent, ...args: Args): boolean => {
    const [name, act] =
      bound.find(([each]) => shortcuts[each].keys.some((keys) => isPressed(event, keys))) ?? []
    if (!name || !act) return false
    const isHeld = event.repeat && !('held' in shortcuts[name])
    const isTaken = isHeld ? name === taken : act(event, ...args) !== false
    taken = isTaken ? name : null
    if (isTaken) event.preventDefault()
    if (isTaken && isHeld) event.stopPropagation()
    return isTaken
  }
}

/** Keys whose own sign would be lost between others. */
const named: Readonly<Record<string, string>> = { Plus: '+', Space: ' ' }

/** Whether an event is these keys. Characters are not heard while a person types, nor any key while words are composed. */
function isPressed(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+')
  const last = parts.pop() ?? ''
  const key = named[last] ?? last
  const isCharacter = key.length === 1
  // Of signs the layout says whether Shift is held.
  const shiftFits = isCharacter && !/[a-z]/.test(key) ? true : event.shiftKey === parts.includes('Shift')
  return (
    !event.isComposing &&
    event.key.toLowerCase() === key.toLowerCase() &&
    (event.ctrlKey || event.metaKey) === parts.includes('Mod') &&
    event.altKey === parts.includes('Alt') &&
    shiftFits &&
    !(isCharacter && !parts.includes('Mod') && isTyping(event.target))
  )
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    'input:not([type="checkbox"], [type="radio"]), textarea, [contenteditable="true"], [role="spinbutton"]',
  ) !== null
