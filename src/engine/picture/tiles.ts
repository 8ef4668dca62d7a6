/**
 * A network run over a picture in tiles of one size, that overlap and are blended: for networks whose output at a
 * place depends only on what lies near it (convolutions alone). What they need not be told is how large the picture is.
 */

/** Channels of a picture one after the other: [channels, height, width], row-major. */
export interface Planes {
  readonly data: Float32Array
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** In pixels of what is read. */
export interface Tiling {
  /** Side of a tile. */
  readonly size: number
  /** By how much neighbours overlap at least. */
  readonly overlap: number
  /** How far from its edges a tile sees too little of the picture to count; less than half of the overlap. */
  readonly context?: number
  /** Tiles begin at multiples of this, as length, size and overlap must be: for networks that make pictures smaller. */
  readonly multiple?: number
}

/** Runs a network on one tile, [channels, height, width]. */
export type RunTile = (tile: Planes) => Promise<Planes>

/** Before each tile: how many are done, of how many. May throw to end the walk. */
export type BeforePart = (done: number, parts: number) => void

/** The height and width of every tile of a picture: smaller than the size where the picture is. */
export const tileShape = (
  { height, width }: Pick<Planes, 'height' | 'width'>,
  { size }: Tiling,
): { height: number; width: number } => ({ height: Math.min(height, size), width: Math.min(width, size) })

/**
 * Where stretches of one size begin that cover a length, spaced evenly, so that neighbours overlap by `overlap` or
 * more. One stretch where the length is not longer than the size.
 */
export function tileStarts(length: number, { size, overlap, multiple = 1 }: Tiling): number[] {
  if (length <= size) return [0]
  const count = Math.ceil((length - overlap) / (size - overlap))
  const step = (length - size) / (count - 1) / multiple
  return Array.from({ length: count }, (_, index) => multiple * Math.round(index * step))
}

/**
 * The network's answer to the whole picture: a mean of the tiles that cover a place, in which a tile counts less
 * towards its edges. Its scale (output pixels for one that is read) follows from the first tile.
 */
export async function overTiles(
  picture: Planes,
  tiling: Tiling,
  run: RunTile,
  before: BeforePart = () => {},
): Promise<Planes> {
  const { height, width } = tileShape(picture, tiling)
  const tops = tileStarts(picture.height, tiling)
  const lefts = tileStarts(picture.width, tiling)
  const places = tops.flatMap((top) => lefts.map((left) => ({ top, left })))
  let answer: Planes | null = null
  let weights: { rows: Float32Array[]; columns: Float32Array[] } | null = null
  for (const [index, { top, left }] of places.entries()) {
    before(index, places.length)
    const tile = await run(cutTile(picture, { top, left, height, width }))
    if (places.length === 1) return tile
    const scale = tile.height / height
    answer ??= emptyAnswer(picture, tile.channels, scale)
    weights ??= {
      rows: tileWeights(tops, picture.height, height, tiling, scale),
      columns: tileWeights(lefts, picture.width, width, tiling, scale),
    }
    const ownRows = weights.rows[Math.floor(index / lefts.length)]
    const ownColumns = weights.columns[index % lefts.length]
    addTile(answer, tile, Math.round(top * scale), Math.round(left * scale), ownRows, ownColumns)
  }
  return answer!
}

const emptyAnswer = ({ height, width }: Planes, channels: number, scale: number): Planes => {
  const size = { height: Math.round(height * scale), width: Math.round(width * scale) }
  return { ...size, channels, data: new Float32Array(channels * size.height * size.width) }
}

interface Place {
  top: number
  left: number
  height: number
  width: number
}

function cutTile(picture: Planes, { top, left, height, width }: Place): Planes {
  const { channels, data } = picture
  if (height === picture.height && width === picture.width) return picture
  const tile = new Float32Array(channels * height * width)
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const from = (channel * picture.height + top + y) * picture.width + left
      tile.set(data.subarray(from, from + width), (channel * height + y) * width)
    }
  return { data: tile, channels, height, width }
}

/**
 * How much each stretch counts at each of its places, along one axis of the output: rising over the overlap behind its context, and such
 * that all stretches that cover a place count 1 together. Where no neighbour is, a stretch counts fully to its end.
 */
function tileWeights(
  starts: readonly number[],
  length: number,
  size: number,
  { overlap, context = 0 }: Tiling,
  scale: number,
): Float32Array[] {
  const outSize = Math.round(size * scale)
  const ramp = Math.max(1, (overlap - 2 * context) * scale)
  const inside = (distance: number): number =>
    Math.min(1, Math.max(0, (distance + 0.5 - context * scale) / ramp))
  const sums = new Float32Array(Math.round(length * scale))
  const outStarts = starts.map((start) => Math.round(start * scale))
  const raw = outStarts.map((start, index) =>
    Float32Array.from({ length: outSize }, (_, i) => {
      const rising = index === 0 ? 1 : inside(i)
      const falling = index === starts.length - 1 ? 1 : inside(outSize - i - 1)
      const weight = Math.min(rising, falling)
      sums[start + i] += weight
      return weight
    }),
  )
  return raw.map((weights, index) => weights.map((weight, i) => weight / sums[outStarts[index] + i]))
}

function addTile(
  answer: Planes,
  tile: Planes,
  top: number,
  left: number,
  rows: Float32Array,
  columns: Float32Array,
): void {
  const { channels, height, width, data } = tile
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const to = (channel * answer.height + top + y) * answer.width + left
      const from = (channel * height + y) * width
      for (let x = 0; x < width; x++) answer.data[to + x] += rows[y] * columns[x] * data[from + x]
    }
}
