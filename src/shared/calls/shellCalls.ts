import { z } from 'zod'
import type { ErrorRecord } from '../errors.ts'

/** The part of the contract that only windows of the desktop app have more of; elsewhere there is nothing to answer. */

/** A file that was opened with the program. */
export type OpenedFile =
  | { kind: 'picture'; name: string; url: string }
  | { kind: 'model'; path: string }
  | { kind: 'problem'; error: ErrorRecord }

export const shellCallSchemas = {
  openedFiles: z.tuple([]),
} as const

export interface ShellCalls {
  /** The files that were opened with the program and that no window has shown yet; they are the asking one's now. */
  openedFiles(): Promise<OpenedFile[]>
}
