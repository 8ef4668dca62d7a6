import { withPromptsOf } from '../../shared/request/batch.ts'
import type { EngineTask } from '../../shared/engine/engineContract.ts'
import type { EngineUnetRun, Prediction } from '../../shared/engine/engineLooks.ts'
import { StudioError } from '../../shared/errors.ts'
import type { UnetDials } from '../../shared/calls/insideCalls.ts'
import type { UnetBlock, UnetLook } from '../graph/unet/look.ts'
import type { Dials } from '../model/model.ts'
import { paint, type Stage } from '../pipeline.ts'
import type { Opened } from '../predictions.ts'
import { lookedInto, type Seen } from './lookedModel.ts'

/** A picture drawn through a U-Net that is turned while it runs, and what one of its blocks says on the way. */

/** Channels of a block that are shown, and the side up to which they are as they are. */
const mostChannels = 16
const mostSide = 64

/** Throws `bad-request` for a block that the network does not have. */
export function unetLook(block: string | null, blocks: readonly UnetBlock[]): UnetLook {
  if (block !== null && !blocks.some(({ name }) => name === block))
    throw new StudioError('bad-request', `block: this U-Net has no block "${block}".`)
  return { attentionPixels: 0, block, dials: true }
}

/** Factors for every skip connection; those that are not given are 1. */
export function dialsOf({ skips, freeU: { b, s } }: UnetDials, blocks: readonly UnetBlock[]): Dials {
  const count = blocks.filter(({ gives }) => gives !== null).length
  if (skips.length > count)
    throw new StudioError(
      'bad-request',
      `dials.skips: this U-Net has ${count} skip connections, found factors for ${skips.length}.`,
    )
  return {
    skips: Float32Array.from({ length: count }, (_, index) => skips[index] ?? 1),
    freeU: Float32Array.of(...b, ...s),
  }
}

interface Turning {
  look: UnetLook
  blocks: readonly UnetBlock[]
  dials: Dials
  /** Of a branch, whose other legs another U-Net may draw. */
  isTurned: (leg: number) => boolean
  stopIfCancelled: () => void
  tell: (stage: Stage) => void
}

/** The first pass of a task's first image, to its pixels. `open` gives the model of each leg of a branch. */
export async function runTurned(
  open: (leg: number) => Promise<Opened>,
  { request, initImage, mask, controls }: EngineTask,
  { look, blocks, dials, isTurned, stopIfCancelled, tell }: Turning,
): Promise<EngineUnetRun> {
  const block = blocks.find(({ name }) => name === look.block)
  const activations: EngineUnetRun['activations'] = []
  let last: Float32Array | null = null
  async function turned(leg: number): Promise<Opened> {
    const { model, tokenizers } = await open(leg)
    const hear = ({ activation }: Seen): void => void (last = activation ?? null)
    return { model: isTurned(leg) ? lookedInto(model, look, hear, dials) : model, tokenizers }
  }
  const watch = ({ sigma, timestep }: Prediction): void => {
    // Of guidance's evaluations the prompt's is the last.
    if (block && last) activations.push({ sigma, timestep, ...someChannels(last, block) })
    last = null
  }
  const first = { ...withPromptsOf(request, 0), hires: null }
  const subject = { request: first, index: 0, initImage, mask, controls, watch, open: turned }
  const { model, tokenizers } = await turned(0)
  const painting = paint(model, tokenizers, subject, stopIfCancelled)
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return { pixels: value.pixels, activations }
    tell(value)
  }
}

/** Channels of an activation [channels, height, width], evenly over all of them, as means of squares of pixels. */
function someChannels(
  data: Float32Array,
  { channels, height, width }: Pick<UnetBlock, 'channels' | 'height' | 'width'>,
): { channels: number[]; height: number; width: number; data: Float32Array } {
  const count = Math.min(channels, mostChannels)
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * channels) / count))
  const by = Math.ceil(Math.max(height, width) / mostSide)
  const [rows, columns] = [Math.ceil(height / by), Math.ceil(width / by)]
  const out = new Float32Array(count * rows * columns)
  const counts = new Float32Array(rows * columns)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) counts[Math.floor(y / by) * columns + Math.floor(x / by)]++
  chosen.forEach((channel, i) => {
    const plane = data.subarray(channel * height * width, (channel + 1) * height * width)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = Math.floor(y / by) * columns + Math.floor(x / by)
        out[i * rows * columns + at] += plane[y * width + x] / counts[at]
      }
  })
  return { channels: chosen, height: rows, width: columns, data: out }
}
