import type { DrawnBlock } from '../../../shared/calls/insideCalls.ts'

/** A U-Net as a U: the way down on the left, the way up on the right, a skip connection a straight line between them. */
export interface Shape {
  width: number
  height: number
  boxes: Box[]
  skips: SkipLine[]
  /** From box to box in the order in which they run. */
  path: string
  /** Where a size of picture begins, beside the way down. */
  sizes: { y: number; text: string }[]
}

export interface Box {
  block: DrawnBlock
  x: number
  y: number
  width: number
  height: number
  /** The middle lies between the arms. */
  arm: 'down' | 'middle' | 'up'
}

export interface SkipLine {
  index: number
  y: number
  from: number
  to: number
  channels: number
  height: number
  width: number
}

const row = 26
const bar = 18
/** How high what is pressed is at least, however thin it is drawn. */
export const reach = 24
const between = 24
const sizesWide = 84
const widest = 150
const narrowest = 44
const gap = 190
const inwards = 10

/** Lays out blocks in the order in which they run. */
export function unetShape(blocks: readonly DrawnBlock[]): Shape {
  const most = Math.max(...blocks.map(({ channels }) => channels))
  const wide = (channels: number): number => narrowest + (widest - narrowest) * Math.sqrt(channels / most)
  const givers = blocks.filter(({ gives }) => gives !== null)
  const top = row + between
  const tops: number[] = []
  // A skip connection is a row; between two levels there is room for what doubles the picture.
  givers.reduce((y, { height }, index) => {
    const isLower = index > 0 && height !== givers[index - 1].height
    tops.push(y + (isLower ? between : 0))
    return tops[index] + row
  }, top)
  const depth = (height: number): number => [...new Set(givers.map((one) => one.height))].indexOf(height)
  const leftOf = ({ channels, height }: DrawnBlock): number =>
    sizesWide + inwards * depth(height) + widest - wide(channels)
  const rightOf = ({ height }: DrawnBlock): number => sizesWide + widest + gap - inwards * depth(height)

  let last = 0
  const boxes = blocks.map((block): Box => {
    const size = { width: wide(block.channels), height: bar }
    if (block.gives !== null) return { block, ...size, arm: 'down', x: leftOf(block), y: tops[block.gives] }
    if (block.takes !== null) {
      last = tops[block.takes]
      return { block, ...size, arm: 'up', x: rightOf(block), y: last }
    }
    if (block.name === 'mid_block') {
      const x = sizesWide + widest + gap / 2 - size.width / 2
      return { block, ...size, arm: 'middle', x, y: tops.at(-1)! + row + between }
    }
    // What doubles the picture, and at the end what is read out: above the row before.
    const isOut = block.name === 'conv_out'
    const y = isOut ? tops[0] - row - 2 : last - between + 4
    return { block, ...size, height: isOut ? bar : 8, arm: 'up', x: rightOf(block), y }
  })
  const boxOf = (test: (block: DrawnBlock) => boolean): Box => boxes.find(({ block }) => test(block))!
  const skips = givers.map(({ gives, channels, height, width }): SkipLine => {
    const [from, to] = [boxOf((one) => one.gives === gives), boxOf((one) => one.takes === gives)]
    const size = { channels, height, width }
    return { index: gives!, y: from.y + bar / 2, from: from.x + from.width, to: to.x, ...size }
  })
  const sizes = givers.flatMap(({ width, height }, index) =>
    index > 0 && givers[index - 1].height === height
      ? []
      : [{ y: tops[index] + bar / 2, text: `${width} × ${height}` }],
  )
  return {
    width: sizesWide + 2 * widest + gap + 56,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) + 8,
    ...{ boxes, skips, sizes },
    path: pathOf(boxes),
  }
}

/** Down the left, through the middle, up the right. */
function pathOf(boxes: readonly Box[]): string {
  const centre = ({ x, y, width, height }: Box): string => `${x + width / 2} ${y + height / 2}`
  return `M${boxes.map(centre).join('L')}`
}
