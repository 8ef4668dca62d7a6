const isMac = navigator.platform.startsWith('Mac')

const signs: Record<string, string> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Alt: isMac ? '⌥' : 'Alt',
  Shift: isMac ? '⇧' : 'Shift',
  Enter: '↵',
  Escape: 'Esc',
  Backspace: isMac ? '⌫' : 'Backspace',
  Plus: '+',
  Delete: isMac ? '⌦' : 'Del',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** Keys as they stand on a keyboard, each for itself: `Mod+k` is Ctrl and K. */
export const keyWords = (keys: string): string[] =>
  keys.split('+').map((key) => signs[key] ?? (key.length === 1 ? key.toUpperCase() : key))
