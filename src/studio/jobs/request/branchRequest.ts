import { branchFrom } from '../../../shared/request/legs.ts'
import type { StudioCalls } from '../../../shared/calls/contract.ts'
import { StudioError } from '../../../shared/errors.ts'
import { isDrawn, type ResolvedRequest } from '../../../shared/request/request.ts'
import { findModelAgain } from '../../models/findModelAgain.ts'
import { fillPrompts } from '../../prompts/fillPrompts.ts'
import { openableModel } from '../../models/openableModel.ts'
import { checkScheduler, checkStart } from './checkRequest.ts'
import { asDrawn } from './resolveRequest.ts'
import type { JobParts } from '../jobCalls.ts'
import type { Warn } from '../../../shared/notices.ts'

/** The request of a picture that goes on from the middle of an image's run: see `JobCalls`. */
export async function branchRequest(
  { imageId, at, change }: Parameters<StudioCalls['branch']>[0],
  parts: JobParts,
): Promise<ResolvedRequest> {
  const { dataFolder, events, history, idleEngine, inputs, models, requestFiles } = parts
  const warn: Warn = (...says) => events.notify('warning', ...says)
  const parent = history.image(imageId)
  if (!isDrawn(parent.request))
    throw new StudioError(
      'bad-request',
      'This picture was enlarged or edited, not drawn: it has no steps to branch from.',
    )
  const { id, said } = await findModelAgain(parts, parent.request.model, parent.model)
  if (said.length > 0) warn(...said)
  const before = await openableModel(models, id)
  const model = change.model === undefined ? before : await openableModel(models, change.model)
  if (model.info.latentSpace !== before.info.latentSpace)
    throw new StudioError(
      'bad-request',
      `model: ${model.name} cannot go on with the latents of ${before.name}: they are not of the same kind. Choose a model of its family.`,
    )
  const made = { ...parent, request: { ...asDrawn(parent.request), model: id } }
  const request = branchFrom(made, at, { ...change, ...(change.model !== undefined && { model: model.id }) })
  await checkStart(request, inputs)
  await checkScheduler(request, model.path, idleEngine())
  const isWritten = change.prompt !== undefined || change.negativePrompt !== undefined
  const filled = isWritten ? await fillPrompts(asWritten(request), dataFolder, warn) : request
  const resolved = await requestFiles.resolve(filled, model.info.family)
  return withModelsAgain(resolved, parts)
}

/** Styles are in the prompts already. */
const asWritten = (request: ResolvedRequest): ResolvedRequest => ({
  ...request,
  styles: [],
  promptTemplate: null,
  negativePromptTemplate: null,
})

/** A branch with the models of its earlier legs where they lie now; says where one was found, and that it is another. */
export async function withModelsAgain(
  request: ResolvedRequest,
  parts: Pick<JobParts, 'events' | 'models' | 'modelHash'>,
): Promise<ResolvedRequest> {
  if (!request.branch) return request
  const before = []
  for (const leg of request.branch.before) {
    const made = { id: leg.model, name: leg.model, hash: leg.modelHash }
    const { id, said } =
      leg.model === request.model ? { id: leg.model, said: [] } : await findModelAgain(parts, leg.model, made)
    if (said.length > 0) parts.events.notify('warning', ...said)
    before.push({ ...leg, model: id })
  }
  return { ...request, branch: { ...request.branch, before } }
}
