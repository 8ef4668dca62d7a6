import { z } from 'zod'
import {
  fileChangeSchema,
  type FileChange,
  type FileDetails,
  type FileScan,
  type FolderLook,
  type OwnedFile,
} from '../models/ownedFile.ts'

/** The part of the contract that is about files in model folders: arguments of its calls. */
export const fileCallSchemas = {
  files: z.tuple([]),
  file: z.tuple([z.string()]),
  fileScan: z.tuple([]),
  lookAtFolder: z.tuple([z.string().max(4000)]),
  suggestedFolders: z.tuple([]),
  chooseFolder: z.tuple([]),
  changeFile: z.tuple([z.string(), fileChangeSchema]),
} as const

export interface FileCalls {
  /** The files of every kind in the model folders, as far as they are known by now; `filesChanged` tells of more. */
  files(): Promise<OwnedFile[]>
  /** All that is known of one. */
  file(id: string): Promise<FileDetails>
  /** What is being done to know the files. */
  fileScan(): Promise<FileScan>
  /** What a folder is that a person may want to look for models in. */
  lookAtFolder(path: string): Promise<FolderLook>
  /** Folders of other programs that lie in their usual places and are not looked in yet. */
  suggestedFolders(): Promise<FolderLook[]>
  /** Asks for a folder in the system's own dialog; null: none was chosen. Only where there is a window of ours. */
  chooseFolder(): Promise<string | null>
  /** Keeps a person's notes, mark and defaults; the file itself, and what lies beside it, stay as they are. */
  changeFile(id: string, change: FileChange): Promise<OwnedFile>
}
