/** How much a network that enlarges pictures has to do. */

export interface UpscalerWork {
  /** Times that a picture becomes as wide and as high in one run. */
  scale: number
  /** Multiplications for each pixel that it reads. */
  multiplications: number
}

interface Size {
  width: number
  height: number
}

/** Side of a tile in pixels, and how much tiles overlap: beyond it the networks' convolutions see next to nothing. */
export const tiling = { size: 192, overlap: 32 }

/** Networks are run again while their result is too small, but no more often than this (AUTOMATIC1111, upscaler.py). */
const mostRuns = 3

/** Whether a network is run (again): one of scale 1 cleans a picture, once even where nothing is to become larger. */
export const isRunAgain = (picture: Size, size: Size, run: number, scale: number): boolean => {
  if (run === 0 || scale === 1) return run === 0
  return run < mostRuns && (picture.width < size.width || picture.height < size.height)
}

/** Pixels that a network reads until a picture has a size, in all runs; where tiles overlap, of every tile. */
export function pixelsRead(from: Size, to: Size, scale: number): number {
  let [picture, pixels] = [from, 0]
  for (let run = 0; isRunAgain(picture, to, run, scale); run++) {
    pixels += inTiles(picture.width) * inTiles(picture.height)
    picture = { width: picture.width * scale, height: picture.height * scale }
  }
  return pixels
}

/** Pixels of the tiles along a side. */
function inTiles(length: number): number {
  const { size, overlap } = tiling
  return length <= size ? length : size * Math.ceil((length - overlap) / (size - overlap))
}
