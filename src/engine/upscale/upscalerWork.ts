import { extname } from 'node:path'
import type { UpscalerWork } from '../../shared/models/upscalerWork.ts'
import { multiplications } from '../graph/writing/multiplications.ts'
import { scaleOf, sideMultiple, upscaler as writeUpscaler } from '../graph/upscaler/upscalers.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import { cpuDialect } from '../model/networks/networks.ts'
import { readUpscaler } from './upscaler.ts'

/** What an upscaler has to do, from its file's header; null: it comes as an ONNX graph, which does not tell. Throws as `openUpscaler`. */
export async function upscalerWork(path: string): Promise<UpscalerWork | null> {
  if (extname(path).toLowerCase() === '.onnx') return null
  const { config, tensors } = await readUpscaler(path)
  const graph = graphOver(tensors, cpuDialect)
  const side = 8 * sideMultiple(config)
  writeUpscaler(graph, config, side, side)
  return { scale: scaleOf(config), multiplications: multiplications(graph.written) / side ** 2 }
}
