/** What the system's desktop does with a picture's file, where the window is a program of its own. */
export interface Desktop {
  /** Whether the program can look for newer ones. */
  canUpdate: boolean
  showInFolder(path: string): void
  /** Lets the pointer, which is dragging, carry files; `icon` is a small PNG of the first. */
  startDrag(paths: readonly string[], icon: Buffer): void
}
