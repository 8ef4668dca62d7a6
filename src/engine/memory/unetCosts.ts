import type { NetworkAdapter } from '../graph/adapters/adaptation.ts'
import { peakActivations } from '../graph/activations.ts'
import type { Graph } from '../graph/graph.ts'
import { unet, unetHalves, type UnetSize } from '../graph/unet/unet.ts'
import { graphOver, isHalved, type Parts } from '../model/builtNetworks.ts'
import type { Target } from '../model/networks.ts'
import type { UnetCosts } from './memoryPlan.ts'

/** What a U-Net takes under adapters, in bytes. */
export function unetCosts(
  part: Parts['unet'],
  size: UnetSize,
  { device, dialect }: Pick<Target, 'device' | 'dialect'>,
  adapters: readonly NetworkAdapter[],
): UnetCosts {
  const { config, tensors } = part
  const perNumber = dialect.precision === 'float16' && !config.upcastAttention ? 2 : 4
  const written = (): Graph => graphOver(tensors, dialect, adapters)
  const whole = written()
  unet(whole, config, size)
  const weights = perNumber * whole.foldedNumbers()
  const activations = perNumber * peakActivations(whole.operations())
  if (!isHalved(part, device)) return { weights, activations, parts: [weights] }
  const [lower, upper] = [written(), written()]
  unetHalves(lower, upper, config, size)
  // The way up goes first.
  return { weights, activations, parts: [upper, lower].map((graph) => perNumber * graph.foldedNumbers()) }
}
