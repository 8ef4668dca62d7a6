import type { EngineAdapter } from '../../shared/engine/engineContract.ts'
import { readAdapterHeader } from '../adapters/adapterFile.ts'
import { blockStrengths } from '../adapters/blocks.ts'
import { fitAdapter } from '../adapters/fitAdapter.ts'
import type { NetworkAdapter } from '../graph/adapters/adaptation.ts'
import type { Wearable } from '../adapters/wearable.ts'

/** Adapters over the networks of a model as a run lays them, from headers alone. */
export async function wornAdapters(
  adapters: readonly EngineAdapter[],
  wearable: Wearable,
  family: string,
): Promise<{ unet: NetworkAdapter[]; text: NetworkAdapter[][] }> {
  const fitted = await Promise.all(
    adapters.map(async (adapter) => ({
      adapter,
      ...fitAdapter(await readAdapterHeader(adapter.path), wearable, family),
    })),
  )
  const layer = (
    modules: NetworkAdapter['modules'],
    strength: number,
    { adapter, isMerged }: (typeof fitted)[number],
  ) => ({
    modules,
    merged: isMerged ? blockStrengths(strength, adapter.blocks) : null,
  })
  return {
    unet: fitted.map((one) => layer(one.unet, one.adapter.unet, one)),
    text: wearable.networks
      .slice(1)
      .map((_, index) => fitted.map((one) => layer(one.text[index], one.adapter.text, one))),
  }
}
