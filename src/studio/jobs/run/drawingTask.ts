import type { EngineTask } from '../../../shared/engine/engineContract.ts'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { RequestFiles, TaskFiles } from '../../adapters/requestFiles.ts'
import { stretchesOf, upTo } from '../../adapters/stretches.ts'
import type { ModelLibrary } from '../../models/modelLibrary.ts'
import { openableModel } from '../../models/openableModel.ts'
import { findUpscalers, type UpscalerFiles } from '../../models/upscalerFiles.ts'
import type { Inputs } from '../../pictures/inputs.ts'
import { readStart } from '../../pictures/startPicture.ts'
import { earlierLegs } from './earlierLegs.ts'
import type { StoredJob } from '../queue/jobStore.ts'
import type { Saying, Warn } from '../../../shared/notices.ts'

/** What finds the files that a job is drawn with. */
export interface TaskParts {
  models: ModelLibrary
  upscalers: UpscalerFiles
  inputs: Inputs
  requestFiles: RequestFiles
  modelHash(path: string): Promise<string>
  /** The model of that id, wherever it lies now; see `findModelOfJob`. */
  findModel(id: string): Promise<{ id: string; said: Saying[] }>
  warn: Warn
}

/** What all images of a job are drawn with. */
export type DrawingTask = Omit<EngineTask, 'request' | 'device' | 'firstImage' | keyof TaskFiles>

export async function drawingTask(
  { id: jobId, request }: StoredJob,
  parts: TaskParts,
): Promise<{ model: ImageRecord['model']; task: DrawingTask }> {
  const now = await parts.findModel(request.model)
  if (now.said.length > 0) parts.warn(...now.said)
  const { path: modelPath, id, name } = await openableModel(parts.models, now.id)
  const [hash, start, before, { paths }] = await Promise.all([
    parts.modelHash(modelPath),
    readStart(request, parts.inputs),
    earlierLegs(request, parts),
    findUpscalers(request, parts.upscalers),
  ])
  return { model: { id, name, hash }, task: { jobId, modelPath, before, isDraft: false, ...start, ...paths } }
}

/** The task that draws one image of a job and no other. */
export async function taskOfImage(
  { request }: StoredJob,
  index: number,
  task: DrawingTask,
  { requestFiles }: Pick<TaskParts, 'requestFiles'>,
): Promise<EngineTask> {
  const [{ adapters }] = stretchesOf([index], request)
  const worn = await requestFiles.forTask(request, adapters)
  const { device } = request
  return { ...task, ...worn, device, firstImage: index, request: upTo(index + 1, request) }
}
