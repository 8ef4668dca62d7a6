import type { Graph } from '../writing/graph.ts'
import { convolved } from '../writing/shapes.ts'
import type { Value } from '../writing/value.ts'

/**
 * A convolution as the product of its kernel and what the kernel sees, for graphics cards (im2col: Chellapilla et al. 2006).
 * Small pictures are too little work for a large card at a time (measured on an H200: 3 TFLOP/s at 8×8 pixels, a tenth of
 * what larger ones reach): their inputs are cut into groups that are multiplied side by side, and the products are added.
 */

/** A square convolution; `pads` at top, left, bottom and right. */
export interface ConvForm {
  outputs: number
  kernel: number
  stride: number
  pads: readonly number[]
  bias: boolean
}

/** Of what kernels see, in float32: below the 128 MiB that every WebGPU device can bind. Beyond, it is no faster either. */
const mostBytes = 96 * 2 ** 20

/** Tiles of 32 × 32 results that keep a large card busy. */
const enoughTiles = 1024

/** Whether a convolution of pictures [batch, inputs, height, width] is computed so. */
export function convolvesByProducts(g: Graph, picture: readonly number[], form: ConvForm): boolean {
  const { inputs, places, taps } = sizesOf(picture, form)
  // What cards multiply four numbers at a time.
  const inFours = places % 4 === 0 && form.outputs % 4 === 0 && inputs % 32 === 0
  return g.dialect.products !== undefined && taps > 1 && inFours && 4 * inputs * taps * places <= mostBytes
}

/** With the kernel of this scope. */
export function convByProducts(g: Graph, x: Value, form: ConvForm): Value {
  const { outputs, kernel } = form
  const { inputs, places, taps, rows, columns } = sizesOf(x.shape, form)
  const groups = groupsOf(inputs, (places * outputs) / 32 ** 2)
  const kernelShape = [outputs, inputs, kernel, kernel]
  const depth = (inputs * taps) / groups
  const seen = seenByKernel(g, x, form)
  const sum = groups === 1 ? whole() : g.reduceSum(grouped(), [0])
  const y = asPictures(g, sum, [x.shape[0], outputs, rows, columns])
  return form.bias ? g.add(y, g.weight('bias', [outputs], [outputs, 1, 1])) : y

  function whole(): Value {
    return g.matMul(g.weight('weight', kernelShape, [outputs, depth]), g.reshape(seen, [depth, places]))
  }

  function grouped(): Value {
    const kernels = g.transpose(g.weight('weight', kernelShape, [outputs, groups, depth]), [1, 0, 2])
    return g.matMul(kernels, g.reshape(seen, [groups, depth, places]))
  }
}

function sizesOf(picture: readonly number[], { outputs, kernel, stride, pads }: ConvForm) {
  const [batch, inputs] = picture as [number, number]
  const [, , rows, columns] = convolved(picture, [outputs, inputs, kernel, kernel], stride, pads)
  return { batch, inputs, rows, columns, places: batch * rows * columns, taps: kernel * kernel }
}

/** The fewest groups of whole 32 inputs that make enough tiles. */
function groupsOf(inputs: number, tiles: number): number {
  const most = inputs / 32
  for (let groups = 1; groups < most; groups++)
    if (most % groups === 0 && groups * tiles >= enoughTiles) return groups
  return most
}

/**
 * For every tap of a kernel, the pixel below it at each place of every picture, 0 outside: [inputs, taps · places]. Pixels are
 * picked as columns.
 */
function seenByKernel(g: Graph, x: Value, form: ConvForm): Value {
  const { kernel, stride, pads } = form
  const [, , height, width] = x.shape as [number, number, number, number]
  const { batch, inputs, places, taps, rows, columns } = sizesOf(x.shape, form)
  const [top, left] = pads as [number, number]
  const outside = batch * height * width
  const pixels = Int32Array.from({ length: taps * places }, (_, index) => {
    const [tap, place] = [Math.floor(index / places), index % places]
    const [picture, inside] = [Math.floor(place / (rows * columns)), place % (rows * columns)]
    const row = Math.floor(inside / columns) * stride - top + Math.floor(tap / kernel)
    const column = (inside % columns) * stride - left + (tap % kernel)
    const isInside = row >= 0 && row < height && column >= 0 && column < width
    return isInside ? (picture * height + row) * width + column : outside
  })
  const zeros = g.constant(Array<number>(inputs).fill(0), [inputs, 1])
  const table = g.concat([channelByChannel(g, x), zeros], 1)
  const name = `seen:${[batch, height, width, kernel, stride, top, left, rows, columns].join('x')}`
  return g.gatherColumns(table, g.wholeTable(name, pixels))
}

/** Pictures [batch, channels, height, width] as [channels, batch · height · width]. */
function channelByChannel(g: Graph, x: Value): Value {
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  const shape = [channels, batch * height * width]
  if (batch === 1) return g.reshape(x, shape)
  return g.reshape(g.transpose(g.reshape(x, [batch, channels, height * width]), [1, 0, 2]), shape)
}

/** The same back. */
function asPictures(g: Graph, x: Value, shape: readonly number[]): Value {
  const [batch, channels, height, width] = shape as [number, number, number, number]
  if (batch === 1) return g.reshape(x, shape)
  return g.reshape(g.transpose(g.reshape(x, [channels, batch, height * width]), [1, 0, 2]), shape)
}
