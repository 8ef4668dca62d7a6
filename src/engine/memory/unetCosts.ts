import type { NetworkAdapter } from '../graph/adapters/adaptation.ts'
import { peakActivations } from '../graph/writing/activations.ts'
import { foldedNumbers, operationsOf } from '../graph/writing/folding.ts'
import type { Graph } from '../graph/writing/graph.ts'
import { unet, unetHalves, type UnetSize } from '../graph/unet/unet.ts'
import type { Parts } from '../model/networks/builtNetworks.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import { isHeavy } from '../model/networks/unetNetworks.ts'
import type { Target } from '../model/networks/networks.ts'
import type { NetworkCosts, UnetCosts } from './memoryPlan.ts'

/** What a U-Net takes under adapters, in bytes. */
export function unetCosts(
  part: Parts['unet'],
  size: UnetSize,
  { device, dialect }: Pick<Target, 'device' | 'dialect'>,
  adapters: readonly NetworkAdapter[],
): UnetCosts {
  const { config, tensors } = part
  const perNumber = dialect.precision === 'float16' && !config.upcastAttention ? 2 : 4
  const written = (form = dialect): Graph => graphOver(tensors, form, adapters)
  const whole = (form = dialect): NetworkCosts => {
    const graph = written(form)
    unet(graph, config, size)
    return {
      weights: perNumber * foldedNumbers(graph.written),
      activations: perNumber * peakActivations(operationsOf(graph.written)),
    }
  }
  const usual = whole()
  if (!isHeavy(part, device)) return { ...usual, parts: [usual.weights], fromFile: null }
  const [lower, upper] = [written(), written()]
  unetHalves(lower, upper, config, size)
  return {
    ...usual,
    // The way up goes first.
    parts: [upper, lower].map((graph) => perNumber * foldedNumbers(graph.written)),
    fromFile: whole({ ...dialect, widening: 'in the run' }),
  }
}
