import { StudioError } from '../../shared/errors.ts'
import type { ModelInfo } from '../../shared/models.ts'
import type { ResolvedRequest } from '../../shared/request.ts'

/** What is put beside or over networks while their graphs are written. */
const besideNetworks = ['lora', 'embedding', 'controlnet']

/** Throws `unsupported-model` for files that a model of exported ONNX networks has no place for. */
export function checkExported({ files }: ResolvedRequest, { layout }: ModelInfo): void {
  const first = files.find(({ kind }) => besideNetworks.includes(kind))
  if (layout !== 'onnx' || !first) return
  throw new StudioError(
    'unsupported-model',
    `This model comes as exported ONNX networks, which have no place for ${first.name}. Leave it out, or take the checkpoint itself.`,
  )
}
