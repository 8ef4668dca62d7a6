import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { isFilterUpscaler } from '../../shared/models/upscalers.ts'
import { tiling } from '../../shared/models/upscalerWork.ts'
import { peakActivations } from '../graph/writing/activations.ts'
import { foldedNumbers, operationsOf } from '../graph/writing/folding.ts'
import { scaleOf, upscaler as writeUpscaler } from '../graph/upscaler/upscalers.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import { cpuDialect } from '../model/networks/networks.ts'
import { tileShape } from '../picture/tiles.ts'
import { readUpscaler } from '../upscale/upscaler.ts'
import { measured, type NetworkCosts } from './memoryPlan.ts'

interface Size {
  width: number
  height: number
}

/** Bytes of a picture as planes of three colours. */
const planes = ({ width, height }: Size): number => 3 * 4 * width * height

/** Enlarging `from` by a filter, or by a network in overlapping tiles until it is large enough, in bytes. */
export async function upscalerCosts(
  { name, path, to }: { name: string; path: string | null; to: Size },
  from: Size,
): Promise<NetworkCosts> {
  if (path === null || isFilterUpscaler(name))
    return { weights: 0, activations: planes(from) + 2 * planes(to) }
  // What others exported tells nothing of its activations; its scale is seldom larger.
  if (extname(path).toLowerCase() === '.onnx')
    return { weights: (await stat(path)).size, activations: 3 * planes(madeBy(4, from, to)) }
  const { config, tensors } = await readUpscaler(path)
  const graph = graphOver(tensors, cpuDialect)
  const tile = tileShape(from, tiling)
  writeUpscaler(graph, config, tile.height, tile.width)
  const made = madeBy(scaleOf(config), from, to)
  return {
    weights: 4 * foldedNumbers(graph.written),
    activations: 3 * planes(made) + measured.kernels * 4 * peakActivations(operationsOf(graph.written)),
  }
}

/** The size of what comes out of a network that is run until its result is as large as wanted. */
function madeBy(scale: number, from: Size, to: Size): Size {
  let made = from
  do made = { width: made.width * scale, height: made.height * scale }
  while (scale > 1 && (made.width < to.width || made.height < to.height))
  return made
}
