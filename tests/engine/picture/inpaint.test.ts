import { describe, expect, it } from 'vitest'
import {
  inpaintingChannels,
  keepKnown,
  latentMask,
  latentShares,
  maskedPlanes,
  mixedUnder,
} from '../../../src/engine/picture/inpaint.ts'

/** A mask from rows of characters: # paint, . keep, - a grey just below the middle. */
function drawn(rows: readonly string[]) {
  const levels: Record<string, number> = { '#': 255, '.': 0, '-': 127 }
  const data = Uint8Array.from([...rows.join('')].flatMap((mark) => Array<number>(3).fill(levels[mark])))
  return { width: rows[0].length, height: rows.length, data }
}

describe('a mask', () => {
  it('is taken at the nearest pixel of each latent, grey as the nearer of black and white', () => {
    const mask = drawn(['#...', '....', '-.#.', '....'])
    expect([...latentMask(mask, { channels: 4, height: 2, width: 2 })]).toEqual([1, 0, 0, 1])
  })

  it('greys out the part of the picture that will be painted', () => {
    const picture = { width: 2, height: 1, data: Uint8Array.of(255, 0, 255, 255, 0, 255) }
    expect([...maskedPlanes(picture, drawn(['#.']))]).toEqual([0, 1, 0, -1, 0, 1])
  })

  it('keeps the known picture, noised to the level of the step, in every channel', () => {
    const x = Float32Array.of(9, 9, 9, 9)
    const share = { picture: 1, noise: 0.5 }
    keepKnown(x, Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 1, -1, -1), share, Float32Array.of(1, 0))
    expect([...x]).toEqual([9, 2.5, 9, 3.5])
  })

  it('has shares at the size of the latents where painting is soft, else whether a share is a half', () => {
    const mask = drawn(['####....', '####....', '####----', '####----'])
    const shape = { channels: 4, height: 2, width: 4 }
    const soft = latentShares(mask, shape, true)
    expect(soft[0]).toBe(1)
    expect(soft[3]).toBeLessThan(0.05)
    expect(soft[7]).toBeGreaterThan(0.4)
    expect(soft[7]).toBeLessThan(0.55)
    expect(latentShares(mask, shape, false)).toEqual(soft.map(Math.round))
  })

  it('keeps a share until as much noise is left, and black to the end', () => {
    const share = { picture: 1, noise: 0 }
    const kept = (remaining: number): number[] => {
      const x = Float32Array.of(9, 9, 9, 9)
      const mask = Float32Array.of(0, 0.25, 0.5, 1)
      keepKnown(x, Float32Array.of(1, 2, 3, 4), new Float32Array(4), share, mask, remaining)
      return [...x]
    }
    expect(kept(1.2)).toEqual([1, 2, 3, 9])
    expect(kept(0.5)).toEqual([1, 2, 9, 9])
    expect(kept(0.2)).toEqual([1, 9, 9, 9])
    expect(kept(0)).toEqual([1, 9, 9, 9])
  })

  it('mixes other latents in by its shares, in every channel', () => {
    const mixed = mixedUnder(
      Float32Array.of(0, 0.5),
      Float32Array.of(1, 2, 3, 4),
      Float32Array.of(9, 4, 9, 0),
    )
    expect([...mixed]).toEqual([1, 3, 3, 2])
  })

  it('stands before the masked picture in what an inpainting U-Net reads', () => {
    expect([...inpaintingChannels(Float32Array.of(1, 0), Float32Array.of(5, 6, 7, 8))]).toEqual([
      1, 0, 5, 6, 7, 8,
    ])
  })
})
