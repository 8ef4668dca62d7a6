import { operationsOf } from '../graph/writing/folding.ts'
import type { TinyVaeConfig, VaeConfig } from '../graph/vae/vaeConfig.ts'
import { tinyVaeDecoder, tinyVaeEncoder } from '../graph/vae/tinyVae.ts'
import { vaeDecoder, vaeDecoderStart, vaeEncoder, vaeEncoderEnd } from '../graph/vae/vae.ts'
import { decoderBands, encoderBands } from '../graph/vae/vaeBands.ts'
import type { Part } from '../model/networks/builtNetworks.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import { bandBytes, planWalks, type Walk } from '../model/networks/bandedVae.ts'
import { cpuDialect } from '../model/networks/networks.ts'
import type { RealDevice } from '../model/runtime/session.ts'
import { vaeForm, type VaeForm } from '../model/networks/vaeForm.ts'
import { elementsBelow } from '../model/files/weights.ts'
import { tileShape } from '../picture/tiles.ts'
import { peakActivations } from '../graph/writing/activations.ts'
import { measured, type NetworkCosts, type PictureCosts } from './memoryPlan.ts'

type Vae = Part<VaeConfig | TinyVaeConfig>
type Network = 'decoder' | 'encoder'

/** The autoencoder computes in float32 on every device. */
const bytes = 4

/** Graphics cards compute the autoencoder in other forms, whose memory is not known better. */
const dialect = cpuDialect

/** What working on one band takes, in bands: what it reads, its norm, what it makes, and copies in blocks. */
const bandsAtWork = 8

/** What one of the autoencoder's networks takes, in bytes; height and width in latents. */
export function vaeCosts(
  vae: Vae,
  network: Network,
  latents: { height: number; width: number },
  device: RealDevice,
): PictureCosts {
  const usual = costsInForm(vae, network, latents, vaeForm(vae.config, latents, device))
  if (device === 'cpu') return usual
  return { ...usual, inBands: costsInForm(vae, network, latents, vaeForm(vae.config, latents, 'cpu')) }
}

function costsInForm(
  vae: Vae,
  network: Network,
  { height, width }: { height: number; width: number },
  form: VaeForm,
): NetworkCosts {
  const { config, tensors } = vae
  const weights = bytes * elementsBelow(tensors, network)
  if (form.kind === 'tiles') {
    const tile = tileShape({ height, width }, form.tiling)
    return { weights, activations: wholePeak(vae, network, tile) }
  }
  if (form.kind === 'whole' || config.kind === 'tiny')
    return { weights, activations: wholePeak(vae, network, { height, width }) }
  const coarse = coarsePeak({ ...vae, config }, network, { height, width, levels: form.levels })
  const steps =
    network === 'decoder'
      ? decoderBands(config, form.levels)
      : encoderBands(config, config.channels.length - form.levels)
  const scale = network === 'decoder' ? 2 ** (form.levels - 1) : 2 ** (config.channels.length - 1)
  const walks = planWalks(steps, { height: height * scale, width: width * scale })
  return { weights: 0, activations: Math.max(weights + coarse, bandsPeak(walks)) }
}

function wholePeak(
  { config, tensors }: Vae,
  network: Network,
  { height, width }: { height: number; width: number },
): number {
  const graph = graphOver(tensors, dialect)
  const levels = config.kind === 'tiny' ? config.decoderBlocks : config.channels
  const scale = 2 ** (levels.length - 1)
  const size = network === 'decoder' ? ([height, width] as const) : ([height * scale, width * scale] as const)
  if (config.kind === 'tiny')
    (network === 'decoder' ? tinyVaeDecoder : tinyVaeEncoder)(graph, config, ...size)
  else (network === 'decoder' ? vaeDecoder : vaeEncoder)(graph, config, ...size)
  return measured.kernels * bytes * peakActivations(operationsOf(graph.written))
}

function coarsePeak(
  { config, tensors }: Part<VaeConfig>,
  network: Network,
  { height, width, levels }: { height: number; width: number; levels: number },
): number {
  const graph = graphOver(tensors, dialect)
  if (network === 'decoder') vaeDecoderStart(graph, config, { height, width, levels })
  else {
    const level = config.channels.length - levels
    const scale = 2 ** (levels - 1)
    vaeEncoderEnd(graph, config, { height: height * scale, width: width * scale, level })
  }
  return measured.kernels * bytes * peakActivations(operationsOf(graph.written))
}

/** Whole tensors that are kept between the steps, as they come and go band by band, and the bands at work. */
function bandsPeak(walks: readonly Walk[]): number {
  let kept = 0
  const peaks = walks.map(({ step, height, width }) => {
    const area = bytes * height * width
    const perInput = step.resample === 'up' ? 1 / 4 : step.resample === 'down' ? 4 : 1
    const read = step.inputs * area * perInput
    const made = step.outputs * area
    const before = read + (step.residual === 'adds' ? kept : 0)
    if (step.residual === 'keeps') kept = read
    const together = step.residual === 'keeps' || step.resample !== 'keep' ? read + made : 0
    return Math.max(before, made, together)
  })
  return Math.max(...peaks) + bandsAtWork * bandBytes
}
