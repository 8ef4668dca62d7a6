import { StudioError } from '../../../shared/errors.ts'
import type { UnetConfig } from '../../graph/unet/unetConfig.ts'
import type { ControlNetConfig, T2iAdapterConfig } from '../../graph/unet/controlConfigs.ts'
import { controlNet, hintScale } from '../../graph/unet/controlNet.ts'
import type { Graph } from '../../graph/writing/graph.ts'
import { t2iAdapter } from '../../graph/unet/t2iAdapter.ts'
import type { UnetSize } from '../../graph/unet/unet.ts'
import { graphOver } from './graphOver.ts'
import type { ControlFile } from '../sources/controlFile.ts'
import type { ControlNet } from '../model.ts'
import type { Target } from './networks.ts'
import { openSession, type Session } from '../runtime/session.ts'
import { unetInputs } from './unetInputs.ts'

/** A ControlNet or a T2I-Adapter with its session. */
export interface ControlNetwork extends ControlNet {
  release(): Promise<void>
}

/** What it is opened for: the U-Net it steers, pixels to a latent, and the sizes of the run. */
export interface Steered {
  unet: UnetConfig
  latentScale: number
  size: UnetSize
}

/** Opens a network that steers a U-Net. Throws `unsupported-model` when it was made for one of another form. */
export async function openControlNetwork(
  file: ControlFile,
  steered: Steered,
  { dialect, device, tallies }: Target,
): Promise<ControlNetwork> {
  const open = (write: (graph: Graph) => void): Promise<Session> => {
    const graph = graphOver(file.tensors, dialect)
    write(graph)
    const { folder } = graph
    return openSession(graph.encode(), { device, folder, frugal: false, tally: tallies.control })
  }
  return file.kind === 'controlnet' ? openControlNet(file, steered, open) : openAdapter(file, steered, open)
}

type Open = (write: (graph: Graph) => void) => Promise<Session>

async function openControlNet(
  { config: read, path, isInferred }: Extract<ControlFile, { kind: 'controlnet' }>,
  { unet, latentScale, size }: Steered,
  open: Open,
): Promise<ControlNetwork> {
  const config = isInferred ? likeItsUnet(read, unet) : read
  requireSame(path, formOf(read.unet), formOf(unet))
  requireSame(
    path,
    { pixelsToALatent: hintScale(config), colours: config.hintPictureChannels },
    { pixelsToALatent: latentScale, colours: 3 },
  )
  const session = await open((graph) => controlNet(graph, config, size))
  const shape = [1, 3, size.height * latentScale, size.width * latentScale]
  return {
    kind: 'residuals',
    features: 0,
    pooled: config.pooled,
    async run(hint, input, timestep, context, added) {
      const inputs = unetInputs(config.unet, size, input, timestep, context, added)
      const outputs = await session.run({ ...inputs, hint: { data: hint, shape } })
      return session.outputs.map((_, index) => outputs[`residual.${index}`])
    },
    release: () => session.release(),
  }
}

async function openAdapter(
  { config, path }: Extract<ControlFile, { kind: 't2i-adapter' }>,
  { unet, latentScale, size }: Steered,
  open: Open,
): Promise<ControlNetwork> {
  const channels = unet.levels.map((level) => level.channels)
  const withMiddle = [...channels, channels.at(-1)].slice(0, Math.max(channels.length, config.levels.length))
  requireSame(path, { channels: config.levels.map((level) => level.channels) }, { channels: withMiddle })
  const [height, width] = [size.height * latentScale, size.width * latentScale]
  if (height % config.packing !== 0 || width % config.packing !== 0)
    throw new StudioError(
      'bad-request',
      `${path} works on pictures whose width and height are multiples of ${config.packing}, not on ${width} × ${height}.`,
    )
  const packed = [height / config.packing, width / config.packing] as const
  const session = await open((graph) => t2iAdapter(graph, config, ...packed))
  return {
    kind: 'features',
    features: config.levels.length,
    pooled: false,
    async run(hint) {
      const data = packPixels(hint, height, width, config)
      const outputs = await session.run({ hint: { data, shape: [1, config.inChannels, ...packed] } })
      return config.levels.map((_, index) => outputs[`feature.${index}`])
    },
    release: () => session.release(),
  }
}

/** What shapes do not tell is as in the U-Net that it was copied from. */
function likeItsUnet(config: ControlNetConfig, unet: UnetConfig): ControlNetConfig {
  const { inChannels, guidanceWidth, added } = config.unet
  return { ...config, unet: { ...unet, inChannels, guidanceWidth, added } }
}

/** The numbers of a U-Net that a ControlNet, as a copy of its way down, must have too. */
const formOf = ({ levels, contextWidth, added }: UnetConfig): Record<string, unknown> => ({
  channels: levels.map((level) => level.channels),
  textWidth: contextWidth,
  transformerLayers: levels.map((level) => (level.attention === 'cross' ? level.transformerLayers : 0)),
  conditioned: added !== null,
})

function requireSame(path: string, found: Record<string, unknown>, expected: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(expected)) {
    const [is, should] = [JSON.stringify(found[name]), JSON.stringify(value)]
    if (is !== should)
      throw new StudioError(
        'unsupported-model',
        `${path} is made for another family of models: its ${name} should be ${should}, as this model's, but is ${is}. Take one made for this model's family.`,
      )
  }
}

/** Space to depth, as torch's PixelUnshuffle orders it; networks of one colour read the first. */
function packPixels(
  planes: Float32Array,
  height: number,
  width: number,
  { inChannels, packing }: T2iAdapterConfig,
): Float32Array {
  const colours = inChannels / packing ** 2
  const packed = new Float32Array(colours * height * width)
  const [rows, columns] = [height / packing, width / packing]
  for (let colour = 0, at = 0; colour < colours; colour++)
    for (let down = 0; down < packing; down++)
      for (let right = 0; right < packing; right++)
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < columns; column++)
            packed[at++] = planes[(colour * height + row * packing + down) * width + column * packing + right]
  return packed
}
