import { z } from 'zod'
import { languageNames, type Language } from './languages.ts'
import { devices, type Device } from './request/request.ts'

/** What a person chooses once, for all pictures. */
export interface Settings {
  theme: 'system' | 'dark' | 'light'
  language: 'system' | Language
  device: Device
  /** GiB that the graphics card has, where what is found is wrong or nothing is; 0: what is found. */
  cardMemory: number
  modelFolders: string[]
  /** Folders of pictures that show in the library and stay where they lie. */
  importFolders: string[]
  /** Ms a soft cancel waits for the running evaluation before the engine is killed. */
  cancelGraceMs: number
  /** Minutes without work after which the engine lets go of its model and of all its memory; 0: never. */
  unloadAfterMinutes: number
  /** Searches of the library under names of the person's own. */
  savedSearches: SavedSearch[]
  /** Whether it is told outside the window when pictures are ready. */
  notify: boolean
  /** Whether prompts may stand where others see them: in notifications and in the log. */
  tellPrompts: boolean
  /** The last list of news that was told; null before the first visit. */
  knownNews: number | null
  /** Whether the desktop app looks for newer versions of itself. */
  lookForUpdates: boolean
}

export interface SavedSearch {
  name: string
  search: string
}

export const settingsFields = {
  theme: z.enum(['system', 'dark', 'light']),
  language: z.enum(['system', ...languageNames]),
  device: z.enum(devices),
  cardMemory: z.number().min(0).max(1024),
  modelFolders: z.array(z.string()),
  importFolders: z.array(z.string()).max(200),
  cancelGraceMs: z.number().int().min(0).max(600_000),
  unloadAfterMinutes: z.number().int().min(0).max(1440),
  savedSearches: z
    .array(z.object({ name: z.string().trim().min(1).max(100), search: z.string().max(1000) }))
    .max(200),
  notify: z.boolean(),
  tellPrompts: z.boolean(),
  knownNews: z.number().int().min(0).nullable(),
  lookForUpdates: z.boolean(),
}

export const settingsSchema = z.object({
  theme: settingsFields.theme.default('system'),
  language: settingsFields.language.default('system'),
  device: settingsFields.device.default('auto'),
  cardMemory: settingsFields.cardMemory.default(0),
  modelFolders: settingsFields.modelFolders.default([]),
  importFolders: settingsFields.importFolders.default([]),
  cancelGraceMs: settingsFields.cancelGraceMs.default(10_000),
  unloadAfterMinutes: settingsFields.unloadAfterMinutes.default(10),
  savedSearches: settingsFields.savedSearches.default([]),
  notify: settingsFields.notify.default(true),
  tellPrompts: settingsFields.tellPrompts.default(false),
  knownNews: settingsFields.knownNews.default(null),
  lookForUpdates: settingsFields.lookForUpdates.default(false),
})
