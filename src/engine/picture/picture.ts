import type { Pixels } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'

/** The least spread, in -1..1, by which a picture differs from a plain area: half of one of 256 levels. */
const leastSpread = 1 / 255

/** 8-bit RGB to planes [3, height, width] in -1..1, as autoencoders read them. */
export function pixelsToPlanes({ width, height, data }: Pixels): Float32Array {
  const area = width * height
  const planes = new Float32Array(3 * area)
  for (let i = 0; i < area; i++)
    for (let colour = 0; colour < 3; colour++) planes[colour * area + i] = data[i * 3 + colour] / 127.5 - 1
  return planes
}

/** Planes [3, height, width], about -1..1, to 8-bit RGB, rounded and clipped. */
export function planesToPixels(planes: Float32Array, width: number, height: number): Pixels {
  const area = width * height
  const data = new Uint8Array(3 * area)
  for (let colour = 0; colour < 3; colour++)
    for (let i = 0; i < area; i++)
      data[i * 3 + colour] = Math.min(255, Math.max(0, Math.round((planes[colour * area + i] + 1) * 127.5)))
  return { width, height, data }
}

/** Planes in -1..1, of which what lies outside is brought to the ends. */
export const withinPicture = (planes: Float32Array): Float32Array => planes.map(clipped)

/** What of a result is no picture: its latents, its pixels, or that all pixels have one colour. The error's `cause`. */
export type BrokenPart = 'latents' | 'pixels' | 'colours'

/**
 * Throws `bad-image` when planes of three colours are no picture: NaN, infinite, or the same everywhere, which black is
 * too, however far below.
 */
export function checkPlanes(planes: Float32Array): void {
  const area = planes.length / 3
  let least = Infinity
  let most = -Infinity
  for (let colour = 0; colour < 3; colour++)
    for (let i = 0; i < area; i++) {
      const value = planes[colour * area + i]
      if (!Number.isFinite(value)) throw badImage('pixels', `its pixels are ${value}`)
      const difference = clipped(value) - clipped(planes[colour * area])
      least = Math.min(least, difference)
      most = Math.max(most, difference)
    }
  if (most - least < leastSpread) throw badImage('colours', 'every pixel has the same colour')
}

const clipped = (value: number): number => Math.min(1, Math.max(-1, value))

/** Latents that hold NaN or infinity can only become a broken picture: better to say so before decoding. */
export function checkLatents(latents: Float32Array): void {
  const broken = latents.find((value) => !Number.isFinite(value))
  if (broken !== undefined) throw badImage('latents', `its latents are ${broken}`)
}

const badImage = (cause: BrokenPart, why: string): StudioError =>
  new StudioError('bad-image', `The result is not a picture: ${why}. Nothing was saved.`, { cause })
