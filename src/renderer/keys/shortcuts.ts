/** Where a shortcut is heard, in the order of the page that lists them. */
export const scopes = [
  'everywhere',
  'create',
  'prompt',
  'mask',
  'sketch',
  'film',
  'queue',
  'library',
  'viewer',
  'edit',
  'compare',
  'models',
  'tour',
] as const

interface Shortcut {
  scope: (typeof scopes)[number]
  /** Each as `Mod+Alt+Shift+key`: Mod is Ctrl, or Command on a Mac; the key is `KeyboardEvent.key`, or Plus or Space. */
  keys: readonly string[]
  /** Whether it is done again and again while they are held; else once. */
  held?: true
}

/**
 * Every shortcut of the window, once: what is bound by its name (`bind.ts`), and what the page of shortcuts and the command
 * palette show. Their words are `keys.NAME` in the locales.
 */
export const shortcuts = {
  palette: { scope: 'everywhere', keys: ['Mod+k'] },
  shortcuts: { scope: 'everywhere', keys: ['?'] },
  settings: { scope: 'everywhere', keys: ['Mod+,'] },
  messages: { scope: 'everywhere', keys: ['F8'] },
  generate: { scope: 'create', keys: ['Mod+Enter'] },
  cancel: { scope: 'create', keys: ['Escape'] },
  settingsUndo: { scope: 'create', keys: ['Mod+z'], held: true },
  settingsRedo: { scope: 'create', keys: ['Mod+Shift+z', 'Mod+y'], held: true },
  copyPicture: { scope: 'create', keys: ['Mod+c'] },
  savePicture: { scope: 'create', keys: ['Mod+s'] },
  promptHeavier: { scope: 'prompt', keys: ['Mod+ArrowUp'], held: true },
  promptLighter: { scope: 'prompt', keys: ['Mod+ArrowDown'], held: true },
  maskBrush: { scope: 'mask', keys: ['b'] },
  maskEraser: { scope: 'mask', keys: ['e'] },
  maskLasso: { scope: 'mask', keys: ['l'] },
  maskRectangle: { scope: 'mask', keys: ['r'] },
  maskSwap: { scope: 'mask', keys: ['x'] },
  maskSmaller: { scope: 'mask', keys: ['['], held: true },
  maskLarger: { scope: 'mask', keys: [']'], held: true },
  maskInvert: { scope: 'mask', keys: ['i'] },
  maskGrow: { scope: 'mask', keys: ['g'], held: true },
  maskShrink: { scope: 'mask', keys: ['Shift+g'], held: true },
  maskClear: { scope: 'mask', keys: ['Delete'] },
  maskUndo: { scope: 'mask', keys: ['Mod+z'], held: true },
  maskRedo: { scope: 'mask', keys: ['Mod+Shift+z', 'Mod+y'], held: true },
  maskCloser: { scope: 'mask', keys: ['Plus', '='], held: true },
  maskFarther: { scope: 'mask', keys: ['-'], held: true },
  maskWhole: { scope: 'mask', keys: ['0'] },
  maskHide: { scope: 'mask', keys: ['o'] },
  sketchUndo: { scope: 'sketch', keys: ['Mod+z'], held: true },
  sketchRedo: { scope: 'sketch', keys: ['Mod+Shift+z', 'Mod+y'], held: true },
  filmNext: { scope: 'film', keys: ['ArrowRight'], held: true },
  filmPrevious: { scope: 'film', keys: ['ArrowLeft'], held: true },
  filmFirst: { scope: 'film', keys: ['Home'] },
  filmLast: { scope: 'film', keys: ['End'] },
  filmTrash: { scope: 'film', keys: ['Delete'] },
  filmUndo: { scope: 'film', keys: ['Mod+z'] },
  queueUp: { scope: 'queue', keys: ['ArrowUp'], held: true },
  queueDown: { scope: 'queue', keys: ['ArrowDown'], held: true },
  queueFirst: { scope: 'queue', keys: ['Home'] },
  queueLast: { scope: 'queue', keys: ['End'] },
  viewerPrevious: { scope: 'viewer', keys: ['ArrowLeft'], held: true },
  viewerNext: { scope: 'viewer', keys: ['ArrowRight'], held: true },
  viewerTrash: { scope: 'viewer', keys: ['Delete'] },
  viewerUndo: { scope: 'viewer', keys: ['Mod+z'] },
  viewerDetails: { scope: 'viewer', keys: ['i'] },
  viewerReject: { scope: 'viewer', keys: ['x'] },
  viewerEdit: { scope: 'viewer', keys: ['e'] },
  viewerSimilar: { scope: 'viewer', keys: ['s'] },
  viewerRate: { scope: 'viewer', keys: ['0', '1', '2', '3', '4', '5'] },
  editTurnRight: { scope: 'edit', keys: ['r'] },
  editTurnLeft: { scope: 'edit', keys: ['Shift+r'] },
  editReset: { scope: 'edit', keys: ['Mod+Backspace'] },
  editSave: { scope: 'edit', keys: ['Mod+s'] },
  zoomCloser: { scope: 'viewer', keys: ['Plus', '='], held: true },
  zoomFarther: { scope: 'viewer', keys: ['-'], held: true },
  zoomWhole: { scope: 'viewer', keys: ['f'] },
  zoomActual: { scope: 'viewer', keys: ['z'] },
  zoomMove: {
    scope: 'viewer',
    keys: ['Shift+ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Shift+ArrowDown'],
    held: true,
  },
  compareHow: { scope: 'compare', keys: ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4'] },
  compareBlink: { scope: 'compare', keys: ['Space'] },
  librarySearch: { scope: 'library', keys: ['/'] },
  librarySelect: { scope: 'library', keys: ['Space'] },
  libraryAll: { scope: 'library', keys: ['Mod+a'] },
  libraryUnselect: { scope: 'library', keys: ['Escape'] },
  libraryRate: { scope: 'library', keys: ['0', '1', '2', '3', '4', '5'] },
  libraryReject: { scope: 'library', keys: ['x'] },
  libraryTag: { scope: 'library', keys: ['t'] },
  libraryAlbum: { scope: 'library', keys: ['b'] },
  librarySimilar: { scope: 'library', keys: ['s'] },
  libraryTrash: { scope: 'library', keys: ['Delete'] },
  libraryUndo: { scope: 'library', keys: ['Mod+z'] },
  libraryPictures: { scope: 'library', keys: ['ArrowDown'] },
  modelSearch: { scope: 'models', keys: ['/'] },
  modelFavourite: { scope: 'models', keys: ['f'] },
  modelClose: { scope: 'models', keys: ['Escape'] },
  tourNext: { scope: 'tour', keys: ['ArrowRight'] },
  tourPrevious: { scope: 'tour', keys: ['ArrowLeft'] },
} as const satisfies Record<string, Shortcut>

export type ShortcutName = keyof typeof shortcuts

export const shortcutNames = Object.keys(shortcuts) as ShortcutName[]
