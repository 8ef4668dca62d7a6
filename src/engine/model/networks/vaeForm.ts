import type { TinyVaeConfig, VaeConfig } from '../../graph/vae/vaeConfig.ts'
import type { Tiling } from '../../picture/tiles.ts'
import type { RealDevice } from '../runtime/session.ts'

/** How an autoencoder is computed at a size. */
export type VaeForm =
  | { kind: 'whole' }
  /** The `levels` coarsest levels in one piece, the others in bands of rows: the same numbers in less memory. */
  | { kind: 'bands'; levels: number }
  /** In overlapping tiles of latents: autoencoders without norms and attention, which see only what is near. */
  | { kind: 'tiles'; tiling: Tiling }

/**
 * The largest activation, in bytes, that is computed in one piece: bands take a tenth longer, tiles overlap. On a
 * graphics card bands would go back and forth, so only what exceeds a buffer there is cut.
 */
const wholeBytes = (kind: 'kl' | 'tiny', device: RealDevice): number =>
  device === 'cpu' ? (kind === 'kl' ? 2 ** 28 : 2 ** 26) : 2 ** 30

/**
 * Tiles of a tiny autoencoder, in latents. A pixel of TAESD's depends on less than 19 latents to each side, next to nothing
 * on those beyond 8: measured, 7 of 255 levels without such a context, a thousandth of one with it.
 */
const latentTiling: Tiling = { size: 64, overlap: 24, context: 8 }

/** Height and width in latents. */
export function vaeForm(
  config: VaeConfig | TinyVaeConfig,
  { height, width }: { height: number; width: number },
  device: RealDevice,
): VaeForm {
  const area = 4 * height * width
  const limit = wholeBytes(config.kind, device)
  if (config.kind === 'tiny') {
    const finest = config.channels * area * 4 ** (config.decoderBlocks.length - 1)
    return finest <= limit ? { kind: 'whole' } : { kind: 'tiles', tiling: latentTiling }
  }
  const levels = config.channels.toReversed().map((channels, level, all) => {
    const widest = Math.max(channels, all[level - 1] ?? 0)
    return widest * area * 4 ** level
  })
  const tooLarge = levels.findIndex((bytes) => bytes > limit)
  return tooLarge === -1 ? { kind: 'whole' } : { kind: 'bands', levels: Math.max(1, tooLarge) }
}
