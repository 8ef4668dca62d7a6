import sharp from 'sharp'
import type { Pixels } from '../../shared/engine/engineContract.ts'
import { toPixels } from './images.ts'

interface Setting {
  /** Pixels that a line may be long. */
  room: number
  size: number
  align: 'centre' | 'right'
}

/** As high and as low as words reach. */
const tallest = 'Ågj|'

/**
 * Words in black on white, set by Pango, which knows every script. Pango gives the ink alone; here every line is as high as any
 * other, so words beside each other stand on one baseline. For that they are set between two lines that are cut away.
 */
export async function drawWords(words: string, setting: Setting): Promise<Pixels> {
  const [line, lines, all] = await Promise.all(
    [tallest, `${tallest}\n${tallest}`, `${tallest}\n${words}\n${tallest}`].map((text) => set(text, setting)),
  )
  const { width, height, data } = all
  const pitch = lines.height - line.height
  return {
    width,
    height: height - 2 * pitch,
    data: data.subarray(3 * width * pitch, 3 * width * (height - pitch)),
  }
}

const set = (text: string, { room, size, align }: Setting): Promise<Pixels> =>
  toPixels(
    sharp({
      text: {
        text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
        font: `Inter, sans-serif ${size}`,
        dpi: 72,
        width: Math.round(room),
        align,
        rgba: true,
        wrap: 'word-char',
      },
    }).flatten({ background: '#ffffff' }),
  )
