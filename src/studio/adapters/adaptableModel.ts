import { StudioError } from '../../shared/errors.ts'
import { familyName } from '../../shared/models/families.ts'
import type { ModelInfo } from '../../shared/models/models.ts'
import type { UsedFile } from '../../shared/request/adapters.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'

/** What is put beside or over networks while their graphs are written, by what has a place for it. */
const besideNetworks: Readonly<Record<ModelInfo['network'], readonly UsedFile['kind'][]>> = {
  unet: ['lora', 'embedding', 'controlnet'],
  transformer: ['lora'],
  exported: [],
}

/** Throws `unsupported-model` for files that a model has no place for. */
export function checkAdaptable({ files }: ResolvedRequest, { network, family }: ModelInfo): void {
  const misplaced = files.find(
    ({ kind }) => besideNetworks.unet.includes(kind) && !besideNetworks[network].includes(kind),
  )
  if (!misplaced) return
  throw new StudioError(
    'unsupported-model',
    network === 'exported'
      ? `This model comes as exported ONNX networks, which have no place for ${misplaced.name}. Leave it out, or take the checkpoint itself.`
      : `${familyName(family)} models have no place for embeddings and ControlNets in this version. Leave ${misplaced.name} out.`,
  )
}
