import { join } from 'node:path'
import { limits } from '../../../shared/request/limits.ts'
import { StudioError } from '../../../shared/errors.ts'
import type { ConfigFile } from '../../graph/configFile.ts'
import { zImageConfig } from '../../graph/dit/zImageConfig.ts'
import { qwen3Config } from '../../graph/qwen3/qwen3Config.ts'
import { readConfig, readTensors } from '../sources/component.ts'
import { zImageFamily } from '../family.ts'
import type { StoredModel } from '../liveModel.ts'
import type { ModelFacts } from '../model.ts'
import { latentScaleOf, latentSpaceOf, smallestOfLatents, vaeScaling, type Trained } from '../modelFacts.ts'
import { previewVaeIn, type StudioFile } from '../sources/studioFile.ts'
import { readVae } from '../sources/vaeFile.ts'
import { zImageNetworks, type ZImageParts } from './zImageNetworks.ts'

export const isZImage = (index: ConfigFile): boolean =>
  /^ZImage.*Pipeline$/.test(String(index['_class_name']))

/**
 * Z-Image in the layout of diffusers. Reads configuration and headers. Throws `missing-part`, `bad-checkpoint`,
 * `unsupported-model`, and `does-not-fit` for a text encoder of another size.
 */
export async function readZImage(folder: string, trained: Trained, studio: StudioFile): Promise<StoredModel> {
  const part = async (name: string) => ({
    file: await readConfig(join(folder, name)),
    tensors: await readTensors(join(folder, name)),
  })
  const [text, transformer] = [await part('text_encoder'), await part('transformer')]
  const parts: ZImageParts = {
    textEncoder: { config: qwen3Config(text.file), tensors: text.tensors },
    transformer: { config: zImageConfig(transformer.file), tensors: transformer.tensors },
    vae: await readVae(join(folder, studio.vae ?? 'vae'), zImageFamily.scalingFactor),
  }
  requireFitting(folder, parts)
  const facts = zImageFacts(folder, parts, trained, studio)
  return { facts, parts: null, networks: (target) => zImageNetworks(parts, target) }
}

function requireFitting(folder: string, { textEncoder, transformer, vae }: ZImageParts): void {
  const misfits = [
    ['text encoder gives rows', textEncoder.config.width, transformer.config.textWidth],
    ['autoencoder has latents', vae.config.latentChannels, transformer.config.channels],
  ] as const
  for (const [what, found, wanted] of misfits)
    if (found !== wanted)
      throw new StudioError(
        'does-not-fit',
        `${folder}: its ${what} of ${found} numbers, and its transformer reads ${wanted}. They are of different models.`,
      )
}

function zImageFacts(
  folder: string,
  { textEncoder, transformer, vae }: ZImageParts,
  trained: Trained,
  studio: StudioFile,
): ModelFacts {
  const latentScale = latentScaleOf(vae.config)
  const { channels } = transformer.config
  const latents = {
    ...vaeScaling(vae.config),
    ...{ latentChannels: channels, unetChannels: channels, latentScale },
    predictionType: 'flow' as const,
  }
  const side = zImageFamily.sampleSize * latentScale
  const { chat } = zImageFamily
  return {
    noiseSchedule: trained.noiseSchedule,
    schedulerConfig: trained.schedulerConfig ?? { shift: 3 },
    ...latents,
    info: {
      title: studio.title ?? null,
      family: zImageFamily.name,
      layout: 'diffusers',
      network: 'transformer',
      predictionType: 'flow',
      defaultWidth: side,
      defaultHeight: side,
      minSize: smallestOfLatents,
      maxSize: limits.size.max,
      sizeMultiple: 2 * latentScale,
      latentSpace: latentSpaceOf(latents),
      hasTextEncoder: true,
      canEncodeImages: true,
      dtype: transformer.tensors.dtype,
      examplePrompts: studio.examplePrompts ?? [],
      defaults: {
        sampler: 'Model default',
        schedule: 'Model default',
        steps: 8,
        guidanceScale: 1,
        ...studio.defaults,
      },
    },
    family: zImageFamily,
    textEncoders: [
      {
        width: textEncoder.config.width,
        layers: textEncoder.config.layers,
        maxTokens: chat!.maxTokens,
        vocabSize: textEncoder.config.vocabSize,
        tokenizerFolder: join(folder, 'tokenizer'),
        padToken: null,
      },
    ],
    previewVae: previewVaeIn(folder, studio),
    guidanceDistilled: false,
    clipSkip: zImageFamily.clipSkip,
    zerosForEmptyNegative: false,
  }
}
