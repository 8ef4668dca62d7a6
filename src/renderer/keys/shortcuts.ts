/** Where a shortcut is heard, in the order of the page that lists them. */
export const scopes = [
  'everywhere',
  'create',
  'film',
  'queue',
  'library',
  'viewer',
  'edit',
  'models',
] as const

interface Shortcut {
  scope: (typeof scopes)[number]
  /** Each as `Mod+Alt+Shift+key`: Mod is Ctrl, or Command on a Mac; the key is `KeyboardEvent.key`. */
  keys: readonly string[]
}

/**
 * Every shortcut of the window, once: what is bound by its name (`bind.ts`), and what the page of shortcuts and the command
 * palette show. Their words are `keys.NAME` in the locales.
 */
export const shortcuts = {
  palette: { scope: 'everywhere', keys: ['Mod+k'] },
  shortcuts: { scope: 'everywhere', keys: ['?'] },
  settings: { scope: 'everywhere', keys: ['Mod+,'] },
  generate: { scope: 'create', keys: ['Mod+Enter'] },
  cancel: { scope: 'create', keys: ['Escape'] },
  filmNext: { scope: 'film', keys: ['ArrowRight'] },
  filmPrevious: { scope: 'film', keys: ['ArrowLeft'] },
  filmFirst: { scope: 'film', keys: ['Home'] },
  filmLast: { scope: 'film', keys: ['End'] },
  filmTrash: { scope: 'film', keys: ['Delete'] },
  queueUp: { scope: 'queue', keys: ['ArrowUp'] },
  queueDown: { scope: 'queue', keys: ['ArrowDown'] },
  queueFirst: { scope: 'queue', keys: ['Home'] },
  queueLast: { scope: 'queue', keys: ['End'] },
  viewerPrevious: { scope: 'viewer', keys: ['ArrowLeft'] },
  viewerNext: { scope: 'viewer', keys: ['ArrowRight'] },
  viewerTrash: { scope: 'viewer', keys: ['Delete'] },
  viewerDetails: { scope: 'viewer', keys: ['i'] },
  viewerReject: { scope: 'viewer', keys: ['x'] },
  viewerEdit: { scope: 'viewer', keys: ['e'] },
  viewerRate: { scope: 'viewer', keys: ['0', '1', '2', '3', '4', '5'] },
  editTurnRight: { scope: 'edit', keys: ['r'] },
  editTurnLeft: { scope: 'edit', keys: ['Shift+r'] },
  editReset: { scope: 'edit', keys: ['Mod+Backspace'] },
  editSave: { scope: 'edit', keys: ['Mod+s'] },
  librarySearch: { scope: 'library', keys: ['/'] },
  modelSearch: { scope: 'models', keys: ['/'] },
} as const satisfies Record<string, Shortcut>

export type ShortcutName = keyof typeof shortcuts

export const shortcutNames = Object.keys(shortcuts) as ShortcutName[]
