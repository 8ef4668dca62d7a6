import { extname } from 'node:path'
import { StudioError } from '../../shared/errors.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import type { Target } from '../model/networks/networks.ts'
import { readSafetensors } from '../model/files/safetensors.ts'
import { openSession, type Session } from '../model/runtime/session.ts'
import { joinTensors, renameTensors, requireReadable } from '../model/files/weights.ts'
import { identify } from '../model/sources/identify.ts'
import { kindNames } from '../../shared/models/ownedFile.ts'
import { inferUpscalerConfig, upscalerNaming } from '../graph/upscaler/inferUpscaler.ts'
import { scaleOf, sideMultiple, upscaler as writeUpscaler } from '../graph/upscaler/upscalers.ts'
import { openOnnxUpscaler } from './onnxUpscaler.ts'

/** A network that enlarges pictures, as a function of tiles. */
export interface Upscaler {
  /** Pixels that one becomes along a side. */
  readonly scale: number
  /** What height and width of a tile must be multiples of. */
  readonly multiple: number
  /** Side of the only square it reads; null: it reads any size. */
  readonly tile: number | null
  /** [3, height, width] in 0..1 to [3, scale · height, scale · width]. */
  run(tile: Float32Array, height: number, width: number): Promise<Float32Array>
  release(): Promise<void>
}

/**
 * Opens the upscaler in a file: .safetensors of ESRGAN, of Real-ESRGAN's compact networks or of RDN, or an ONNX model.
 * Throws `not-found`, `bad-checkpoint`, `pickle-refused`, `not-a-checkpoint`, or `unsupported-model` which names what it is.
 */
export async function openUpscaler(path: string, target: Target): Promise<Upscaler> {
  if (extname(path).toLowerCase() === '.onnx') return openOnnxUpscaler(path, target)
  const { config, tensors } = await readUpscaler(path)
  let open: { form: string; session: Session } | null = null

  async function sessionFor(height: number, width: number): Promise<Session> {
    const form = `${height}x${width}`
    if (open?.form === form) return open.session
    await open?.session.release()
    open = null
    const graph = graphOver(tensors, { ...target.dialect, precision: 'float32' })
    writeUpscaler(graph, config, height, width)
    const options = {
      device: target.device,
      folder: graph.folder,
      frugal: true,
      tally: target.tallies.upscaler,
    }
    open = { form, session: await openSession(graph.encode(), options) }
    return open.session
  }

  return {
    scale: scaleOf(config),
    multiple: sideMultiple(config),
    tile: null,
    async run(tile, height, width) {
      const session = await sessionFor(height, width)
      const picture = { data: tile, shape: [1, config.pictureChannels, height, width] }
      return (await session.run({ picture }))['enlarged']
    },
    release: async () => open?.session.release(),
  }
}

/** An upscaler of safetensors as far as its header tells it. Throws as `openUpscaler`. */
export async function readUpscaler(path: string) {
  const file = await readSafetensors(path)
  const stored = joinTensors([file])
  const { kind } = identify(file)
  if (kind !== 'upscaler' && kind !== 'unknown')
    throw new StudioError(
      'not-a-checkpoint',
      `${path} is ${kindNames[kind]}, not an upscaler. Choose another file.`,
    )
  const tensors = renameTensors(stored, upscalerNaming(stored.keys))
  requireReadable(tensors)
  const config = inferUpscalerConfig(tensors)
  if (config.pictureChannels !== 3)
    throw new StudioError(
      'unsupported-model',
      `${path} enlarges pictures of ${config.pictureChannels} channels; only those of 3 (red, green, blue) can be used. Take another upscaler.`,
    )
  return { config, tensors }
}

/** Says what is wrong with an upscaler's file, from headers alone: every tensor is looked up. Throws as `openUpscaler`. */
export async function checkUpscaler(path: string): Promise<void> {
  if (extname(path).toLowerCase() === '.onnx') return
  const { config, tensors } = await readUpscaler(path)
  const side = 8 * sideMultiple(config)
  writeUpscaler(graphOver(tensors, { attention: 'fused', precision: 'float32' }), config, side, side)
}
