import { extname } from 'node:path'
import { readGguf } from './gguf.ts'
import { readSafetensors, type Safetensors } from './safetensors.ts'

/** The header of a file of weights in either format; throws what reading it throws. */
export const readWeightFile = (path: string): Promise<Safetensors> =>
  extname(path).toLowerCase() === '.gguf' ? readGguf(path) : readSafetensors(path)
