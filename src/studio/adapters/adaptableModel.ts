import { StudioError } from '../../shared/errors.ts'
import { familyName } from '../../shared/families.ts'
import type { ModelInfo } from '../../shared/models.ts'
import type { ResolvedRequest } from '../../shared/request.ts'

/** What is put beside or over networks while their graphs are written. */
const besideNetworks = ['lora', 'embedding', 'controlnet']

/** Throws `unsupported-model` for files that a model has no place for. */
export function checkAdaptable({ files }: ResolvedRequest, { network, family }: ModelInfo): void {
  const first = files.find(({ kind }) => besideNetworks.includes(kind))
  if (network === 'unet' || !first) return
  throw new StudioError(
    'unsupported-model',
    network === 'exported'
      ? `This model comes as exported ONNX networks, which have no place for ${first.name}. Leave it out, or take the checkpoint itself.`
      : `LoRAs, embeddings and ControlNets are not put over ${familyName(family)} models by this version. Leave ${first.name} out.`,
  )
}
