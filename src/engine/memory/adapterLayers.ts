import type { EngineAdapter } from '../../shared/engineContract.ts'
import { readAdapterHeader } from '../adapters/adapterFile.ts'
import { blockStrengths } from '../adapters/blocks.ts'
import { fitAdapter } from '../adapters/fitAdapter.ts'
import type { AdapterModule, NetworkAdapter } from '../graph/adapters/adaptation.ts'
import type { Parts } from '../model/networks/builtNetworks.ts'

/** Adapters over the networks of a model as a run lays them, from headers alone. */
export async function wornAdapters(
  adapters: readonly EngineAdapter[],
  parts: Parts,
  family: string,
): Promise<{ unet: NetworkAdapter[]; text: NetworkAdapter[][] }> {
  const fitted = await Promise.all(
    adapters.map(async (adapter) => ({
      adapter,
      ...fitAdapter(await readAdapterHeader(adapter.path), parts, family),
    })),
  )
  const layer = (
    modules: ReadonlyMap<string, AdapterModule>,
    strength: number,
    { adapter, isMerged }: (typeof fitted)[number],
  ) => ({
    modules,
    merged: isMerged ? blockStrengths(strength, adapter.blocks) : null,
  })
  return {
    unet: fitted.map((one) => layer(one.unet, one.adapter.unet, one)),
    text: parts.textEncoders.map((_, index) =>
      fitted.map((one) => layer(one.text[index], one.adapter.text, one)),
    ),
  }
}
