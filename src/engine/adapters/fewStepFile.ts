import { basename, dirname, extname } from 'node:path'
import { fewStepSampling, type FewStepSampling } from '../../shared/models/fewStep.ts'
import type { Safetensors } from '../model/files/safetensors.ts'

/** How to run an adapter that makes a model paint in a few steps, by all names it has; null for every other. */
export function fewStepOf(path: string, { metadata }: Pick<Safetensors, 'metadata'>): FewStepSampling | null {
  const written = [metadata['modelspec.title'], metadata['ss_output_name']].filter(
    (name) => name !== undefined,
  )
  return fewStepSampling([basename(path, extname(path)), ...written, basename(dirname(path))])
}
