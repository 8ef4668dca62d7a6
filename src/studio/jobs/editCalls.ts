import { randomUUID } from 'node:crypto'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { EditedPicture, ImageRecord } from '../../shared/library/history.ts'
import { editSchema, type Edit } from '../../shared/request/edit.ts'
import type { Events } from '../events.ts'
import type { History } from '../history/history.ts'
import { applicationVersion, packageVersion } from '../paths.ts'
import { imageName, type ImageFiles } from '../pictures/imageFiles.ts'
import type { Inputs } from '../pictures/inputs.ts'
import { editRequest, makeEdited } from './run/editJob.ts'
import { encodePng } from '../pictures/images.ts'
import { keepPicture } from './run/saveImage.ts'
import { sourceOf } from './run/sourcePicture.ts'

interface Parts {
  events: Events
  history: History
  imageFiles: ImageFiles
  inputs: Inputs
}

/** The call that edits a picture: it takes a moment and needs no engine, so it waits for nothing in the queue. */
export const editCalls = (parts: Parts) =>
  ({
    edit: (picture, edit) => editImage(picture, editSchema.parse(edit), parts),
  }) satisfies Partial<StudioCalls>

async function editImage(picture: EditedPicture, edit: Edit, parts: Parts): Promise<ImageRecord> {
  const { events, history, imageFiles, inputs } = parts
  const { input, source } = await found(picture, parts)
  const request = editRequest(input, source, edit)
  const model = (source?.id && history.modelOf(source.id)) || { id: '', name: request.model, hash: '' }
  const { pixels, timings } = await makeEdited(request, inputs)
  const [jobId, createdAt] = [randomUUID(), Date.now()]
  const { width, height } = pixels
  const made = { id: imageName({ id: jobId, createdAt }, 0), jobId, createdAt, width, height }
  const record = {
    ...{ ...made, request, timings, model },
    ...{ engineVersion: applicationVersion, onnxRuntimeVersion: packageVersion('onnxruntime-node') },
    ...({ device: 'cpu', dtype: 'float32' } as const),
  }
  const saved = await keepPicture(record, await encodePng(pixels), imageFiles, history.add)
  events.emit.imageAdded(saved)
  return saved
}

/** The copy of a picture among the inputs, and what is known of how it was made. */
async function found(picture: EditedPicture, parts: Parts) {
  const { history, imageFiles, inputs } = parts
  if (typeof picture !== 'string')
    return { input: await inputs.describe(picture.inputId), source: await sourceOf(picture.inputId, parts) }
  const image = history.image(picture)
  if (image.imported) {
    const message = `${picture} was not made here, and how it was is not known whole. Take it as the picture to start from.`
    throw new StudioError('bad-request', message)
  }
  return { input: await inputs.add(await imageFiles.read(image.path), image.id), source: image }
}
