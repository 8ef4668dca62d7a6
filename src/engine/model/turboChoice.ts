import { turboVerdict, type TurboFinding } from '../../shared/request/automaticTurbo.ts'
import type { Device } from '../../shared/request/request.ts'
import type { UnetConfig } from '../graph/unet/unetConfig.ts'
import type { StoredModel } from './liveModel.ts'
import { readModel } from './openModel.ts'
import { targetFor } from './runtime/devices.ts'
import { keptTurboTest, makeTurboTest } from './runtime/selfTestCache.ts'
import type { TurboNetwork } from './runtime/turboTest.ts'

/** What automatic finds for the model at `path` on a device, by what is kept of the self-test: nothing is tested for it. */
export async function findTurbo(path: string, device: Device): Promise<TurboFinding> {
  const network = networkOf(await readModel(path))
  if (!network) return 'graphs'
  if (!(await isCpu(device))) return 'card'
  const test = await keptTurboTest(network)
  return typeof test === 'string' ? test : turboVerdict(test)
}

/** Tests Turbo for the model at `path`, where that is still to be done and can be. */
export async function testTurboFor(path: string): Promise<void> {
  const network = networkOf(await readModel(path))
  if (network) await makeTurboTest(network)
}

const isCpu = async (device: Device): Promise<boolean> =>
  device === 'cpu' || (device === 'auto' && (await targetFor('auto')).device === 'cpu')

function networkOf({ parts, dit }: StoredModel): TurboNetwork | null {
  if (dit) return { kind: 'transformer' }
  return parts && { kind: 'unet', levels: levelsOf(parts.unet.config) }
}

/** Every width once. */
function levelsOf({ levels }: UnetConfig): { channels: number; transformers: number }[] {
  const byWidth = new Map(
    levels
      .toReversed()
      .map(({ channels, attention, transformerLayers }) => [
        channels,
        attention === 'cross' ? transformerLayers : 0,
      ]),
  )
  return [...byWidth].toReversed().map(([channels, transformers]) => ({ channels, transformers }))
}
