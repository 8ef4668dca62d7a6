import { StudioError } from '../../shared/errors.ts'
import type { ModelRecord } from '../../shared/models/models.ts'
import type { ModelLibrary } from './modelLibrary.ts'

/** The model of that name, if it can be opened; otherwise throws what is wrong with it. */
export async function openableModel(
  models: ModelLibrary,
  name: string,
): Promise<ModelRecord & { info: NonNullable<ModelRecord['info']> }> {
  const model = await models.find(name)
  const { info, problem } = model
  if (info) return { ...model, info }
  throw new StudioError(problem?.code ?? 'bad-checkpoint', problem?.message ?? `${name} cannot be opened.`)
}
