import type { TinyVaeConfig, VaeConfig } from '../../graph/vae/vaeConfig.ts'
import type { Graph } from '../../graph/writing/graph.ts'
import { tinyVaeDecoder, tinyVaeEncoder } from '../../graph/vae/tinyVae.ts'
import { vaeDecoder, vaeDecoderStart, vaeEncoder, vaeEncoderEnd } from '../../graph/vae/vae.ts'
import { decoderBands, encoderBands } from '../../graph/vae/vaeBands.ts'
import { overTiles, tileShape, type BeforePart, type Planes, type Tiling } from '../../picture/tiles.ts'
import { runInBands, type BandedVae } from './bandedVae.ts'
import type { PictureNetwork } from './networks.ts'
import type { Input, RealDevice, Session } from '../runtime/session.ts'
import { vaeForm } from './vaeForm.ts'

/** The autoencoder's two networks at any size: in one piece where they are small, else in bands of rows or in tiles. */

/** Where they run, and how a graph over their tensors becomes a session. */
export interface VaeOpening {
  /** The device whose form is taken: see vaeForm. */
  formOf: RealDevice
  /** `frugal`: see SessionOptions. */
  open(write: (graph: Graph) => void, frugal: boolean): Promise<Session>
}

interface Size {
  height: number
  width: number
}

/** Size in latents: [latentChannels, height, width], unscaled, to [3, H, W]. */
export async function openDecoder(
  config: VaeConfig | TinyVaeConfig,
  latents: Size,
  opening: VaeOpening,
): Promise<PictureNetwork> {
  const form = vaeForm(config, latents, opening.formOf)
  const { height, width } = latents
  const shape = { channels: config.latentChannels, height, width }
  if (config.kind === 'tiny') {
    const tiling = form.kind === 'tiles' ? form.tiling : { size: Math.max(height, width), overlap: 0 }
    return tiledNetwork(shape, tiling, opening, (graph, tile) =>
      tinyVaeDecoder(graph, config, tile.height, tile.width),
    )
  }
  if (form.kind !== 'bands')
    return wholeNetwork(shape, opening, (graph) => vaeDecoder(graph, config, height, width))
  const { levels } = form
  return nothingOpen(async (data, before) => {
    const input = { data, shape: [1, shape.channels, height, width] }
    const start = (graph: Graph): void => vaeDecoderStart(graph, config, { height, width, levels })
    const features = await runOnce(opening, start, input)
    const size = scaled(latents, 2 ** (levels - 1))
    const bands = decoderBands(config, levels)
    return runInBands(banded(config, opening), bands, { data: features, ...size }, before)
  })
}

/** Size in pixels: [3, height, width] to means, then log variances, of every latent. */
export async function openEncoder(
  config: VaeConfig | TinyVaeConfig,
  pixels: Size,
  opening: VaeOpening,
): Promise<PictureNetwork> {
  const { height, width } = pixels
  const shape = { channels: config.pictureChannels, height, width }
  const halvings = (config.kind === 'tiny' ? config.encoderBlocks : config.channels).length - 1
  const form = vaeForm(config, scaled(pixels, 1 / 2 ** halvings), opening.formOf)
  if (config.kind === 'tiny') {
    const tiling =
      form.kind === 'tiles'
        ? inPixels(form.tiling, 2 ** halvings)
        : { size: Math.max(height, width), overlap: 0 }
    return tiledNetwork(shape, tiling, opening, (graph, tile) =>
      tinyVaeEncoder(graph, config, tile.height, tile.width),
    )
  }
  if (form.kind !== 'bands')
    return wholeNetwork(shape, opening, (graph) => vaeEncoder(graph, config, height, width))
  const level = config.channels.length - form.levels
  return nothingOpen(async (data, before) => {
    // What goes through the bands is let go, and the picture is the caller's.
    const picture = { data: data.slice(), height, width }
    const features = await runInBands(banded(config, opening), encoderBands(config, level), picture, before)
    const size = scaled(pixels, 1 / 2 ** level)
    const input = { data: features, shape: [1, config.channels[level - 1], size.height, size.width] }
    return runOnce(opening, (graph) => vaeEncoderEnd(graph, config, { ...size, level }), input)
  })
}

const scaled = ({ height, width }: Size, by: number): Size => ({ height: height * by, width: width * by })

const inPixels = ({ size, overlap, context = 0 }: Tiling, scale: number): Tiling => ({
  size: size * scale,
  overlap: overlap * scale,
  context: context * scale,
  multiple: scale,
})

const banded = ({ groups, epsilon }: VaeConfig, { open }: VaeOpening): BandedVae => ({
  groups,
  epsilon,
  open: (write) => open(write, false),
})

/** For networks whose parts are opened while they run. */
const nothingOpen = (
  run: (input: Float32Array, before: BeforePart) => Promise<Float32Array>,
): PictureNetwork => ({
  run: (input, before = () => {}) => run(input, before),
  async release() {},
})

async function wholeNetwork(
  shape: Omit<Planes, 'data'>,
  { open }: VaeOpening,
  write: (graph: Graph) => void,
): Promise<PictureNetwork> {
  const session = await open(write, true)
  const run = (data: Float32Array): Promise<Float32Array> =>
    onlyOutput(session, { data, shape: shapeOf(shape) })
  const nothing = new Float32Array(shape.channels * shape.height * shape.width)
  return {
    run,
    ...(!session.frugal && { rehearse: async () => void (await run(nothing)) }),
    release: () => session.release(),
  }
}

/** One session for all tiles. */
async function tiledNetwork(
  shape: Omit<Planes, 'data'>,
  tiling: Tiling,
  { open }: VaeOpening,
  write: (graph: Graph, tile: Size) => void,
): Promise<PictureNetwork> {
  const tile = tileShape(shape, tiling)
  const session = await open((graph) => write(graph, tile), true)
  const [, channels, height, width] = session.outputs[0].isTensor ? session.outputs[0].shape.map(Number) : []
  const runTile = async ({ data, ...read }: Planes): Promise<Planes> => ({
    data: await onlyOutput(session, { data, shape: shapeOf(read) }),
    ...{ channels, height, width },
  })
  const nothing = new Float32Array(shape.channels * tile.height * tile.width)
  return {
    run: async (data, before) => (await overTiles({ data, ...shape }, tiling, runTile, before)).data,
    ...(!session.frugal && {
      rehearse: async () => void (await runTile({ ...shape, ...tile, data: nothing })),
    }),
    release: () => session.release(),
  }
}

async function runOnce(
  { open }: VaeOpening,
  write: (graph: Graph) => void,
  input: Input,
): Promise<Float32Array> {
  const session = await open(write, true)
  try {
    return await onlyOutput(session, input)
  } finally {
    await session.release()
  }
}

const shapeOf = ({ channels, height, width }: Omit<Planes, 'data'>): number[] => [1, channels, height, width]

async function onlyOutput(session: Session, input: Input): Promise<Float32Array> {
  const outputs = await session.run({ [session.inputs[0].name]: input })
  return outputs[session.outputs[0].name]
}
