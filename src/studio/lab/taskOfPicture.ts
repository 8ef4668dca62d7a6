import { StudioError } from '../../shared/errors.ts'
import { isDrawn, type ResolvedRequest } from '../../shared/request/request.ts'
import type { RequestFiles } from '../adapters/requestFiles.ts'
import { stretchesFrom } from '../adapters/stretches.ts'
import type { History } from '../history/history.ts'
import type { ModelLibrary } from '../models/modelLibrary.ts'
import type { Inputs } from '../pictures/inputs.ts'
import { readStart } from '../pictures/startPicture.ts'
import type { DraftTask } from '../jobs/drafts.ts'
import { openableModel } from '../models/openableModel.ts'
import { asDrawn } from '../jobs/request/resolveRequest.ts'
import { earlierLegs } from '../jobs/run/earlierLegs.ts'

export interface PictureParts {
  findModel(id: string): Promise<{ id: string }>
  history: History
  inputs: Inputs
  models: ModelLibrary
  requestFiles: RequestFiles
}

/** What the engine is asked to draw a picture of the history again, first pass alone, or one with another request. */
export async function taskOfPicture(
  parts: PictureParts,
  imageId: string,
  change: Partial<ResolvedRequest> = {},
): Promise<Omit<DraftTask, 'device'>> {
  const { findModel, history, inputs, models, requestFiles } = parts
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const request = { ...asDrawn(history.image(imageId).request), ...Object.fromEntries(given) }
  if (!isDrawn(request))
    throw new StudioError(
      'bad-request',
      'This picture was enlarged or edited, not drawn: it has no steps to look at.',
    )
  const { path: modelPath } = await openableModel(models, (await findModel(request.model)).id)
  const [{ adapters }] = stretchesFrom(0, request)
  const worn = await requestFiles.forTask(request, adapters)
  const start = await readStart(request, inputs)
  const before = await earlierLegs(request, parts)
  return { modelPath, before, request, ...worn, ...start, hiresUpscaler: null, upscaler: null }
}
