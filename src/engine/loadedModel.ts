import type { EngineEvents, EngineTask } from '../shared/engine/engineContract.ts'
import type { Device, SeedConvention } from '../shared/request/request.ts'
import { planRun } from './memory/estimateRun.ts'
import type { UnetLook } from './graph/unet/look.ts'
import { stampOf } from './model/files/fileStamps.ts'
import type { Model } from './model/model.ts'
import { openModel } from './model/openModel.ts'
import type { Opened } from './predictions.ts'
import { createPreviewer, type Previewer } from './picture/previewer.ts'
import { promptLanguage } from './text/promptLanguage.ts'
import type { TextCleaning } from './text/textCleaning.ts'
import { openTokenizers } from './text/textEmbeddings.ts'
import type { Tokenizer } from './text/tokenizer.ts'

/** A model ready to paint with. */
export interface Palette {
  /** The files and the device it was loaded from. */
  source: string
  path: string
  model: Model
  tokenizers: Map<TextCleaning, readonly Tokenizer[]>
  previewer: Previewer
  /** What loading it took, in ms; told with the first picture only. */
  loadMs: number
}

export type Load = (path: string, device: Device, turbo?: boolean) => Promise<Palette>

/** Opens models, and keeps the last one: a task on the same model and device finds it loaded. */
export function keepLoaded(warn: EngineEvents['warning']): Load {
  let loaded: Palette | null = null
  return async (path, device, turbo = false) => {
    const source = `${await stampOf(path)} on ${device}${turbo ? ' in 8 bits' : ''}`
    if (loaded?.source === source) return loaded
    const began = performance.now()
    await loaded?.model.release()
    loaded = null
    const model = await openModel(path, device, warn, turbo)
    const previewer = createPreviewer(model, warn)
    loaded = { source, path, model, previewer, tokenizers: new Map(), loadMs: performance.now() - began }
    return loaded
  }
}

/** A model as a leg of a task wears it, and whose it is. */
export interface Dressed extends Opened {
  palette: Palette
}

/**
 * The model of a leg of a task, of which most have but one, in as much memory as there is for a look at its U-Net. Throws
 * `out-of-memory` where it cannot fit.
 */
export async function openLeg(
  task: EngineTask,
  leg: number,
  { load, warn, look }: { load: Load; warn: EngineEvents['warning']; look?: UnetLook | undefined },
): Promise<Dressed> {
  const { request, device } = task
  const own = task.before?.[leg] ?? task
  const memory = await planRun({ ...task, ...own }, look)
  const palette = await load(own.modelPath, device, request.turbo === true)
  palette.model.useMemory(memory)
  const model = await palette.model.wearing(own, warn)
  return { palette, model, tokenizers: await tokenizersFor(palette, request.seedConvention) }
}

async function tokenizersFor(
  { model, tokenizers }: Palette,
  convention: SeedConvention,
): Promise<readonly Tokenizer[]> {
  const { cleaning } = promptLanguage(convention)
  const opened = tokenizers.get(cleaning) ?? (await openTokenizers(model, cleaning))
  tokenizers.set(cleaning, opened)
  return opened
}
