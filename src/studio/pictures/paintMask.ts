import sharp from 'sharp'
import { checkPicture } from './images.ts'

/**
 * What a mask says is painted, white, as a grey PNG: where it has transparency the parts that are more than half opaque, else
 * its lightness (AUTOMATIC1111 1.10.1, processing.create_binary_mask). Throws `bad-init-image`.
 */
export async function paintMask(
  picture: Uint8Array,
  name: string,
  { invert }: { invert: boolean },
): Promise<Buffer> {
  await checkPicture(picture, name)
  const { data, info } = await sharp(picture)
    .rotate()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const mask = new Uint8Array(info.width * info.height)
  const byLightness = !mask.some((_, at) => data[at * 4 + 3] !== 255)
  for (let at = 0, from = 0; at < mask.length; at++, from += 4) {
    // Rec. 601, as Pillow's mode L.
    const lightness = Math.round((data[from] * 299 + data[from + 1] * 587 + data[from + 2] * 114) / 1000)
    const level = byLightness ? lightness : data[from + 3] > 128 ? 255 : 0
    mask[at] = invert ? 255 - level : level
  }
  return sharp(mask, { raw: { width: info.width, height: info.height, channels: 1 } })
    .png()
    .toBuffer()
}
