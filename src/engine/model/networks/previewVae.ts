import { StudioError, toErrorRecord } from '../../../shared/errors.ts'
import type { TinyVaeConfig } from '../../graph/vae/vaeConfig.ts'
import { tinyVaeDecoder } from '../../graph/vae/tinyVae.ts'
import { isLarge, type Part } from './builtNetworks.ts'
import { graphOver } from './graphOver.ts'
import type { ModelFacts, PreviewVae } from '../model.ts'
import { cpuDialect, type PictureNetwork, type Target } from './networks.ts'
import { openSession } from '../runtime/session.ts'
import { readVae } from '../sources/vaeFile.ts'
import { openDecoder } from './vaeNetworks.ts'

/**
 * The tiny VAE that draws previews (TAESD, diffusers' AutoencoderTiny). It reads latents as the U-Net does, not
 * divided by a scaling factor; its decoder alone will do.
 */
type PreviewFacts = Pick<ModelFacts, 'previewVae' | 'latentChannels'>

/** Opens it for latents of a size. Throws a coded error that names it and says what is wrong. */
export const openPreviewVae = (
  facts: PreviewFacts,
  height: number,
  width: number,
  { device, dialect, tallies }: Target,
): Promise<PreviewVae & PictureNetwork> =>
  namingIt(facts, async () => {
    const { config, tensors } = await readPreviewVae(facts)
    const network = await openDecoder(
      config,
      { height, width },
      {
        formOf: device,
        open(write, frugal) {
          const graph = graphOver(tensors, { ...dialect, precision: 'float32' })
          write(graph)
          const { folder } = tensors
          const options = { device, folder, frugal: frugal && isLarge(graph), tally: tallies.previewVae }
          return openSession(graph.encode(), options)
        },
      },
    )
    return { ...network, scale: 2 ** (config.decoderBlocks.length - 1) }
  })

/** What is wrong with it, from headers alone; nothing where there is none or it is right. */
export async function checkPreviewVae(facts: PreviewFacts): Promise<unknown[]> {
  if (facts.previewVae === null) return []
  const check = namingIt(facts, async () => {
    const { config, tensors } = await readPreviewVae(facts)
    tinyVaeDecoder(graphOver(tensors, cpuDialect), config, 8, 8)
  })
  return check.then(
    () => [],
    (error: unknown) => [error],
  )
}

async function readPreviewVae({ previewVae, latentChannels }: PreviewFacts): Promise<Part<TinyVaeConfig>> {
  const { config, tensors } = await readVae(previewVae!, { scalingFactor: 1 })
  if (config.kind !== 'tiny')
    throw new StudioError(
      'unsupported-model',
      'It should be a tiny VAE (TAESD, AutoencoderTiny) but is a full one (AutoencoderKL). Name another in its studio.json, or none.',
    )
  if (config.latentChannels !== latentChannels)
    throw new StudioError(
      'mis-shaped-weight',
      `It should read latents of ${latentChannels} channels, as the model makes them, but reads ${config.latentChannels}. Name another in its studio.json, or none.`,
    )
  return { config, tensors }
}

async function namingIt<Result>({ previewVae }: PreviewFacts, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    const { code, message } = toErrorRecord(cause)
    throw new StudioError(code, `The preview VAE ${previewVae} cannot be used. ${message}`, { cause })
  }
}
