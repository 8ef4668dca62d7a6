import { readFile } from 'node:fs/promises'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import { unknownModel } from '../../../shared/request/edit.ts'
import type { History } from '../../history/history.ts'
import { ownIdIn, requestOf } from '../../imports/readImport.ts'
import { inspectPicture } from '../../metadata/readGeneration.ts'
import type { Inputs } from '../../pictures/inputs.ts'

/** How a picture was made; `id` is the one of this history that it is, null: it is none of them. */
export interface SourcePicture {
  id: string | null
  request: ResolvedRequest
}

/** What is known of a picture that came as a file: that of the history which it is a copy of, or what its file tells; null: nothing. */
export async function sourceOf(
  inputId: string,
  { history, inputs }: { history: History; inputs: Inputs },
): Promise<SourcePicture | null> {
  const { path } = await inputs.original(inputId)
  const bytes = await readFile(path)
  const id = ownIdIn(bytes)
  if (id !== null && history.modelOf(id)) return { id, request: history.image(id).request }
  const generation = await inspectPicture(bytes).catch(() => null)
  const { request, recorded } = requestOf(generation, await inputs.describe(inputId))
  if (recorded.length === 0) return null
  return { id: null, request: { ...request, model: generation?.model?.name || unknownModel } }
}
