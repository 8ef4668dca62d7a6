import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import type { TinyVaeConfig } from '../graph/configs.ts'
import type { Graph } from '../graph/graph.ts'
import { tinyVaeDecoder } from '../graph/tinyVae.ts'
import { graphOver, pictureNetwork, type Part } from './builtNetworks.ts'
import type { ModelFacts, PreviewVae } from './model.ts'
import type { PictureNetwork, Target } from './networks.ts'
import { openSession } from './session.ts'
import { readVae } from './vaeFile.ts'

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
  { device, tallies }: Target,
): Promise<PreviewVae & PictureNetwork> =>
  namingIt(facts, async () => {
    const { config, tensors } = await readPreviewVae(facts)
    const graph = writeGraph({ config, tensors }, height, width)
    const options = { device, folder: tensors.folder, frugal: true, tally: tallies.previewVae }
    const network = pictureNetwork(await openSession(graph.encode(), options), [
      1,
      config.latentChannels,
      height,
      width,
    ])
    return { ...network, scale: 2 ** (config.decoderBlocks.length - 1) }
  })

/** What is wrong with it, from headers alone; nothing where there is none or it is right. */
export async function checkPreviewVae(facts: PreviewFacts): Promise<unknown[]> {
  if (facts.previewVae === null) return []
  const check = namingIt(facts, async () => void writeGraph(await readPreviewVae(facts), 8, 8))
  return check.then(
    () => [],
    (error: unknown) => [error],
  )
}

async function readPreviewVae({ previewVae, latentChannels }: PreviewFacts): Promise<Part<TinyVaeConfig>> {
  const { config, tensors } = await readVae(previewVae!, 1)
  if (config.kind !== 'tiny')
    throw new StudioError(
      'unsupported-model',
      'It should be a tiny VAE (TAESD, AutoencoderTiny) but is a full one (AutoencoderKL).',
    )
  if (config.latentChannels !== latentChannels)
    throw new StudioError(
      'mis-shaped-weight',
      `It should read latents of ${latentChannels} channels, as the model makes them, but reads ${config.latentChannels}.`,
    )
  return { config, tensors }
}

function writeGraph({ config, tensors }: Part<TinyVaeConfig>, height: number, width: number): Graph {
  const graph = graphOver(tensors, { attention: 'sliced', precision: 'float32' })
  tinyVaeDecoder(graph, config, height, width)
  return graph
}

async function namingIt<Result>({ previewVae }: PreviewFacts, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    const { code, message } = toErrorRecord(cause)
    throw new StudioError(code, `The preview VAE ${previewVae} cannot be used. ${message}`, { cause })
  }
}
