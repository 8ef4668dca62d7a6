import { legsOf } from '../../../shared/request/legs.ts'
import type { DressedModel } from '../../../shared/engine/engineContract.ts'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import type { RequestFiles } from '../../adapters/requestFiles.ts'
import { stretchesFrom } from '../../adapters/stretches.ts'
import type { ModelLibrary } from '../../models/modelLibrary.ts'
import { openableModel } from '../../models/openableModel.ts'

interface Parts {
  models: ModelLibrary
  requestFiles: RequestFiles
  findModel(id: string): Promise<{ id: string }>
}

/** The models of a branch's legs before the last, with what they wear; none where the request is no branch. */
export async function earlierLegs(
  request: ResolvedRequest,
  { models, requestFiles, findModel }: Parts,
): Promise<DressedModel[]> {
  const dressed: DressedModel[] = []
  for (const { request: own } of legsOf(request).slice(0, -1)) {
    const { path: modelPath } = await openableModel(models, (await findModel(own.model)).id)
    const [{ adapters: chosen }] = stretchesFrom(0, own)
    const { adapters, embeddings, vaePath } = await requestFiles.forTask(own, chosen)
    dressed.push({ modelPath, adapters, embeddings, vaePath })
  }
  return dressed
}
