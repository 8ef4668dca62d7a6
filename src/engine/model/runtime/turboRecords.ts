import type { TurboRecord } from '../../../shared/models/models.ts'
import { turboVerdict } from '../../../shared/request/automaticTurbo.ts'
import { keptTurboTest, makeTurboTest } from './selfTestCache.ts'
import type { TurboNetwork } from './turboTest.ts'

const unet = (...levels: readonly [channels: number, transformers: number][]): TurboNetwork => ({
  kind: 'unet',
  levels: levels.map(([channels, transformers]) => ({ channels, transformers })),
})

/** Networks of published models, by the models' names. Others are tested when they are drawn with. */
const published: Readonly<Record<string, TurboNetwork>> = {
  Starter: unet([96, 0], [192, 1], [256, 1]),
  'SD 1.5, SD 2': unet([320, 1], [640, 1], [1280, 1]),
  SDXL: unet([320, 0], [640, 2], [1280, 10]),
  'FLUX.2 klein, Z-Image': { kind: 'transformer' },
}

/** Tests Turbo for all of them, where that is still to be done. */
export async function testPublished(): Promise<void> {
  for (const network of Object.values(published)) await makeTurboTest(network)
}

/** What is kept of their tests. */
export async function turboRecords(): Promise<TurboRecord[]> {
  const records: TurboRecord[] = []
  for (const [models, network] of Object.entries(published)) {
    const test = await keptTurboTest(network)
    if (typeof test !== 'string') records.push({ models, ...test, finding: turboVerdict(test) })
  }
  return records
}
