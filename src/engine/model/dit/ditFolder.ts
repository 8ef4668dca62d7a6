import { join } from 'node:path'
import type { ConfigFile } from '../../graph/config/configFile.ts'
import { qwen3Config } from '../../graph/qwen3/qwen3Config.ts'
import { readConfig, readTensors } from '../sources/component.ts'
import type { StoredModel } from '../liveModel.ts'
import type { Trained } from '../modelFacts.ts'
import { previewVaeIn, type StudioFile } from '../sources/studioFile.ts'
import { readVae } from '../sources/vaeFile.ts'
import type { DitKind } from './ditKinds.ts'
import { storedDit } from './ditModel.ts'
import type { DitParts } from './ditNetworks.ts'

/**
 * A model with a transformer in the layout of diffusers. Reads configuration and headers. Throws `missing-part`,
 * `bad-checkpoint`, `unsupported-model`, and `does-not-fit` for a text encoder of another size.
 */
export async function readDitFolder(
  folder: string,
  kind: DitKind,
  { index, trained, studio }: { index: ConfigFile; trained: Trained; studio: StudioFile },
): Promise<StoredModel> {
  const part = async (name: string) => ({
    file: await readConfig(join(folder, name)),
    tensors: await readTensors(join(folder, name)),
  })
  const [text, transformer] = [await part('text_encoder'), await part('transformer')]
  const parts: DitParts = {
    textEncoder: { config: qwen3Config(text.file), tensors: text.tensors },
    transformer: kind.transformer(transformer.file, transformer.tensors),
    vae: await readVae(join(folder, studio.vae ?? 'vae'), kind.family),
  }
  return storedDit(folder, kind, parts, {
    trained,
    studio,
    layout: 'diffusers',
    tokenizer: join(folder, 'tokenizer'),
    previewVae: previewVaeIn(folder, studio),
    isDistilled: index['is_distilled'] === true,
  })
}
