import type { Selected } from './changeWeight.ts'

/** Gives a text field another text and selection as if it had been typed: the browser can undo it, and its listeners hear. */
export function replaceText(area: HTMLTextAreaElement, { text, start, end }: Selected): void {
  const old = area.value
  const shorter = Math.min(old.length, text.length)
  let head = 0
  while (head < shorter && old[head] === text[head]) head++
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === text.at(-1 - tail)) tail++
  const put = text.slice(head, text.length - tail)
  area.focus()
  area.setSelectionRange(head, old.length - tail)
  if (old !== text) {
    // The only way that leaves a trace for undo.
    const isDone =
      put === '' ? document.execCommand('delete') : document.execCommand('insertText', false, put)
    if (!isDone) {
      area.setRangeText(put)
      area.dispatchEvent(new InputEvent('input', { bubbles: true }))
    }
  }
  area.setSelectionRange(start, end)
}
