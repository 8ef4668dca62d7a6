import { StudioError } from '../../../shared/errors.ts'
import { changesNothing, uncroppedSize } from '../../../shared/library/edits.ts'
import type { Timings } from '../../../shared/library/history.ts'
import type { Pixels } from '../../../shared/engine/engineContract.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../../shared/request/request.ts'
import { unknownModel, type Edit } from '../../../shared/request/edit.ts'
import { editPicture } from '../../pictures/editPicture.ts'
import type { Inputs } from '../../pictures/inputs.ts'
import type { StoredJob } from '../queue/jobStore.ts'
import type { Prepared, RunParts } from './runJob.ts'
import type { SourcePicture } from './sourcePicture.ts'

/** Pictures that are made of others without a model: at once where a person edits, as a job where they are made again. */

/**
 * The request of an edited picture: all that is known of how the picture was made, and the edit. `input` is the copy of the
 * picture. Throws `bad-request` for what cannot be cut and for an edit that changes nothing.
 */
export function editRequest(
  input: { id: string; width: number; height: number },
  source: SourcePicture | null,
  edit: Edit,
): ResolvedRequest {
  if (changesNothing(edit)) throw new StudioError('bad-request', 'edit: nothing is changed by it.')
  const { crop } = edit
  const { width, height } = uncroppedSize(input, edit)
  if (crop && (crop.left + crop.width > width || crop.top + crop.height > height)) {
    const asked = `${crop.width}×${crop.height} at ${crop.left}, ${crop.top}`
    const message = `edit.crop: ${asked} does not lie within the picture, which is ${width}×${height} there.`
    throw new StudioError('bad-request', message)
  }
  const unknown = { ...generationRequestSchema.parse({ model: unknownModel }), seed: 0, ...sizeOf(input) }
  return {
    ...(source?.request ?? unknown),
    batchSize: 1,
    device: 'cpu',
    grid: null,
    upscaleOf: null,
    editOf: { ...edit, id: input.id, imageId: source?.id ?? null },
  }
}

const sizeOf = ({ width, height }: { width: number; height: number }) => ({ width, height })

/** The edited picture, and where the time went. */
export async function makeEdited(
  { editOf }: ResolvedRequest,
  inputs: Inputs,
): Promise<{ pixels: Pixels; timings: Timings }> {
  const began = performance.now()
  const { id, width, height } = await inputs.describe(editOf!.id)
  const pixels = await editPicture(await inputs.pixels(id, width, height, 'stretch'), editOf!)
  const total = performance.now() - began
  const none = { load: 0, textEncode: 0, denoise: 0, decode: 0, unetRuns: 0, unetRunMs: 0, runMs: 0 }
  return { pixels, timings: { ...none, total } }
}

export async function prepareEditing({ id: jobId, request }: StoredJob, parts: RunParts): Promise<Prepared> {
  const { batchStart, batchOf, seed, unetWidening, guidanceTogether, variationSeed } = request
  const kept = { batchStart, batchOf, seed, unetWidening, guidanceTogether, variationSeed }
  const { model: name, editOf } = request
  return {
    model: (editOf!.imageId && parts.modelOfImage(editOf!.imageId)) || { id: name, name, hash: '' },
    async work(device, _known, made) {
      const edited = await makeEdited(request, parts.inputs)
      made({ ...edited, ...kept, jobId, index: 0, device, dtype: 'float32' })
    },
  }
}
