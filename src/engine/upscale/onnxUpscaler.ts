import { dirname } from 'node:path'
import { StudioError } from '../../shared/errors.ts'
import type { Target } from '../model/networks/networks.ts'
import { readOnnxFile } from '../model/files/onnxFile.ts'
import { openSession, type Session } from '../model/runtime/session.ts'
import type { Upscaler } from './upscaler.ts'

/** Side of the picture that a network without a size of its own is tried with. */
const probeSide = 64

/**
 * An upscaler that others exported: colours in 0..1 in the order [1, 3, height, width] or [1, height, width, 3], of one
 * size or of any. Its scale is what comes out of a first run. Throws `unsupported-model` where that is no scale.
 */
export async function openOnnxUpscaler(path: string, target: Target): Promise<Upscaler> {
  readOnnxFile(path)
  const tally = target.tallies.upscaler
  const session = await openSession(path, {
    device: target.device,
    folder: dirname(path),
    frugal: true,
    tally,
  })
  try {
    const layout = layoutOf(path, session)
    const side = layout.tile ?? probeSide
    const grey = new Float32Array(3 * side * side).fill(0.5)
    const outputs = (await runSession(session, layout, grey, side, side)).length
    const scale = Math.sqrt(outputs / grey.length)
    if (!Number.isInteger(scale) || scale < 1)
      throw new StudioError(
        'unsupported-model',
        `${path} is no upscaler: of ${side}×${side} pixels it makes ${outputs / 3}, which is no whole multiple of both sides. Choose another file.`,
      )
    return {
      scale,
      // Networks that fold pixels into channels do so by up to four.
      multiple: layout.tile ? 1 : 4,
      tile: layout.tile,
      run: (tile, height, width) => runSession(session, layout, tile, height, width),
      release: () => session.release(),
    }
  } catch (error) {
    await session.release()
    throw error
  }
}

interface Layout {
  channelsLast: boolean
  tile: number | null
}

function layoutOf(path: string, { inputs, outputs }: Session): Layout {
  const [input] = inputs
  const shape = input?.isTensor ? input.shape : []
  const channelsLast = shape[3] === 3 && shape[1] !== 3
  const [height, width] = channelsLast ? [shape[1], shape[2]] : [shape[2], shape[3]]
  const [output] = outputs
  const made = output?.isTensor ? output.shape : []
  const colours = [shape, made].map((axes) => axes[channelsLast ? 3 : 1])
  const isPicture = colours.every((count) => count === 3 || typeof count === 'string' || count === -1)
  if (inputs.length !== 1 || outputs.length !== 1 || shape.length !== 4 || !isPicture)
    throw new StudioError(
      'unsupported-model',
      `${path} is no upscaler that can be used: it should read one picture of three colours [1, 3, height, width] and give one, but reads ${inputs.length} of shape [${shape.join(', ')}] and gives [${made.join(', ')}]. Choose another file.`,
    )
  const isFixed = typeof height === 'number' && typeof width === 'number' && height > 0 && width > 0
  if (isFixed && height !== width)
    throw new StudioError(
      'unsupported-model',
      `${path} reads only pictures of ${width}×${height}; of upscalers with a size of their own those that read squares can be used. Export it with open sizes.`,
    )
  return { channelsLast, tile: isFixed ? height : null }
}

async function runSession(
  session: Session,
  { channelsLast }: Layout,
  tile: Float32Array,
  height: number,
  width: number,
): Promise<Float32Array> {
  const input = channelsLast
    ? { data: interleaved(tile), shape: [1, height, width, 3] }
    : { data: tile, shape: [1, 3, height, width] }
  const answer = (await session.run({ [session.inputs[0].name]: input }))[session.outputs[0].name]
  return channelsLast ? planar(answer) : answer
}

function interleaved(planes: Float32Array): Float32Array {
  const area = planes.length / 3
  return Float32Array.from(planes, (_, i) => planes[(i % 3) * area + Math.floor(i / 3)])
}

function planar(pixels: Float32Array): Float32Array {
  const area = pixels.length / 3
  return Float32Array.from(pixels, (_, i) => pixels[(i % area) * 3 + Math.floor(i / area)])
}
