import { join } from 'node:path'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import { presetSchema, savedPromptSchema, type Kept } from '../../shared/calls/promptCalls.ts'
import { pastPrompts } from '../history/pastPrompts.ts'
import { whenUnlocked } from '../history/database/whenUnlocked.ts'
import { decide, type JobParts } from '../jobs/jobCalls.ts'
import type { OwnedFiles } from '../models/owned/ownedFiles.ts'
import { fillPrompts, readStyles } from './fillPrompts.ts'
import { openKeptByName } from './keptByName.ts'
import type { PromptLists } from './promptLists.ts'
import { parseTemplate } from './promptTemplate.ts'
import { suggest } from './suggest.ts'
import { openTagLists } from './tagLists.ts'
import { wildcardNames } from './wildcards.ts'
import type { Warn } from '../../shared/notices.ts'

export interface PromptParts extends JobParts {
  lists: PromptLists
  owned: OwnedFiles
  ownership: { id: string }
}

/** The calls about prompts while they are written, and about what is kept by name. */
export function promptCalls(parts: PromptParts) {
  const { dataFolder, events, history, lists, owned, ownership } = parts
  const warn: Warn = (...says) => events.notify('warning', ...says)
  const tags = openTagLists(join(dataFolder, 'tags'), warn)
  const keeping = { writer: ownership.id, warn }
  const presets = openKeptByName(join(dataFolder, 'presets.json'), presetSchema, keeping)
  const prompts = openKeptByName(join(dataFolder, 'prompts.json'), savedPromptSchema, keeping)

  const kept = async (): Promise<Kept> => ({ presets: await presets.list(), prompts: await prompts.list() })
  async function changed(change: Promise<void>): Promise<Kept> {
    await change
    const now = await kept()
    events.emit.keptChanged(now)
    return now
  }

  return {
    readPrompts: (input) => readPrompts(parts, input),
    suggest: ({ before, atEnd = false, family = null, limit = 12 }) =>
      suggest(
        { before, atEnd, family, limit },
        {
          files: owned.filesSoFar,
          styles: async () => (await readStyles(dataFolder)).styles,
          wildcards: () => wildcardNames(join(dataFolder, 'wildcards')),
          tags,
          past: (search, most) => whenUnlocked(() => pastPrompts(history, search, most)),
        },
      ),
    pastPrompts: ({ search = '', limit = 50 }) => whenUnlocked(() => pastPrompts(history, search, limit)),
    kept,
    keepPreset: (preset) => changed(presets.put(presetSchema.parse(preset))),
    forgetPreset: (name) => changed(presets.remove(name)),
    keepPrompt: (saved) => changed(prompts.put(savedPromptSchema.parse(saved))),
    forgetPrompt: (name) => changed(prompts.remove(name)),
    removeList: lists.remove,
  } satisfies Partial<StudioCalls>
}

/** With the choices of one picture; what is wrong with files is said when it is made. */
async function readPrompts(
  parts: PromptParts,
  input: Parameters<StudioCalls['readPrompts']>[0],
): ReturnType<StudioCalls['readPrompts']> {
  const { model, request } = await decide(parts, { ...input, batchSize: 1, hires: null })
  const isOpen = input.seed === undefined || input.seed === null
  const seeded = { ...request, seed: isOpen ? 0 : request.seed }
  const filled = await fillPrompts(seeded, parts.dataFolder, () => {})
  const embeddings = await parts.requestFiles.embeddingsIn(filled, model.info.family)
  const readings = await parts
    .idleEngine()
    .readPrompts({ modelPath: model.path, request: filled, embeddings })
  return { ...readings, isExample: [request.prompt, request.negativePrompt].some(hasChoices) }
}

const hasChoices = (template: string): boolean =>
  parseTemplate(template).some((part) => typeof part !== 'string')
