import type { TestTensor } from '../model/safetensorsFile.ts'

/** A picture as channels of rows. */
export type Channels = number[][][]

/** Small upscalers with waves for weights, and their layers written out one by one. */
interface ByHand {
  tensors: Record<string, TestTensor>
  run(picture: Channels): Channels
}

class Weights {
  readonly tensors: Record<string, TestTensor> = {}
  readonly #values = new Map<string, number[]>()

  add(key: string, ...shape: number[]): void {
    const length = shape.reduce((product, size) => product * size, 1)
    const seed = this.#values.size
    const values = Float32Array.from({ length }, (_, i) => 0.15 * Math.sin(i * 2.3 + seed * 1.9))
    this.#values.set(key, [...values])
    this.tensors[key] = { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) }
  }

  conv(key: string, outputs: number, inputs: number): void {
    this.add(`${key}.weight`, outputs, inputs, 3, 3)
    this.add(`${key}.bias`, outputs)
  }

  of = (key: string): number[] => this.#values.get(key)!

  /** A 3 × 3 convolution that keeps the size. */
  apply(key: string, x: Channels): Channels {
    const [kernel, bias] = [this.of(`${key}.weight`), this.of(`${key}.bias`)]
    return bias.map((added, o) =>
      x[0].map((row, y) =>
        row.map((_, column) => {
          let sum = added
          for (let i = 0; i < x.length; i++)
            for (let dy = 0; dy < 3; dy++)
              for (let dx = 0; dx < 3; dx++)
                sum +=
                  kernel[((o * x.length + i) * 3 + dy) * 3 + dx] * (x[i][y + dy - 1]?.[column + dx - 1] ?? 0)
          return sum
        }),
      ),
    )
  }
}

const map = (x: Channels, change: (value: number, channel: number) => number): Channels =>
  x.map((rows, channel) => rows.map((row) => row.map((value) => change(value, channel))))
const add = (a: Channels, b: Channels, share = 1): Channels =>
  a.map((rows, c) => rows.map((row, y) => row.map((value, x) => share * value + b[c][y][x])))
const leak = (x: Channels): Channels => map(x, (value) => (value > 0 ? value : 0.2 * value))
const repeated = (x: Channels, times: number): Channels =>
  x.map((rows) =>
    rows.flatMap((row) =>
      Array.from({ length: times }, () => row.flatMap((value) => Array<number>(times).fill(value))),
    ),
  )

/** Names of ESRGAN's layers: those of its first release, its second, and BasicSR. */
export type Naming = 'sequential' | 'trunk' | 'basicsr'

function rrdbNames(naming: Naming, blocks: number, doublings: number) {
  if (naming === 'basicsr')
    return {
      first: 'conv_first',
      dense: (b: number, r: number, c: number) => `body.${b}.rdb${r}.conv${c}`,
      trunk: 'conv_body',
      up: (n: number) => `conv_up${n}`,
      hr: 'conv_hr',
      last: 'conv_last',
    }
  if (naming === 'trunk')
    return {
      first: 'conv_first',
      dense: (b: number, r: number, c: number) => `RRDB_trunk.${b}.RDB${r}.conv${c}`,
      trunk: 'trunk_conv',
      up: (n: number) => `upconv${n}`,
      hr: 'HRconv',
      last: 'conv_last',
    }
  // Each doubling is an upsampling, a convolution and an activation; then convolution, activation, convolution.
  const hr = 2 + 3 * doublings
  return {
    first: 'model.0',
    dense: (b: number, r: number, c: number) => `model.1.sub.${b}.RDB${r}.conv${c}.0`,
    trunk: `model.1.sub.${blocks}`,
    up: (n: number) => `model.${3 * n}`,
    hr: `model.${hr}`,
    last: `model.${hr + 2}`,
  }
}

interface RrdbShape {
  naming: Naming
  unshuffle: number
  doublings: number
  /** Put before every name. */
  wrapper?: string
}

/** Wang et al. 2018, figure 4, with two blocks of five channels that grow by three. */
export function rrdbByHand({ naming, unshuffle, doublings, wrapper = '' }: RrdbShape): ByHand {
  const [blocks, channels, growth] = [2, 5, 3]
  const names = rrdbNames(naming, blocks, doublings)
  const weights = new Weights()
  weights.conv(names.first, channels, 3 * unshuffle ** 2)
  for (let b = 0; b < blocks; b++)
    for (let r = 1; r <= 3; r++)
      for (let c = 1; c <= 5; c++)
        weights.conv(names.dense(b, r, c), c === 5 ? channels : growth, channels + (c - 1) * growth)
  weights.conv(names.trunk, channels, channels)
  for (let n = 1; n <= doublings; n++) weights.conv(names.up(n), channels, channels)
  weights.conv(names.hr, channels, channels)
  weights.conv(names.last, 3, channels)

  function dense(b: number, r: number, x: Channels): Channels {
    const seen = [...x]
    for (let c = 1; c <= 4; c++) seen.push(...leak(weights.apply(names.dense(b, r, c), seen)))
    return add(weights.apply(names.dense(b, r, 5), seen), x, 0.2)
  }

  function folded(x: Channels): Channels {
    return x.flatMap((rows) =>
      Array.from({ length: unshuffle ** 2 }, (_, place) => {
        const [dy, dx] = [Math.floor(place / unshuffle), place % unshuffle]
        const kept = rows.filter((_, y) => y % unshuffle === dy)
        return kept.map((row) => row.filter((_, column) => column % unshuffle === dx))
      }),
    )
  }

  return {
    tensors: Object.fromEntries(
      Object.entries(weights.tensors).map(([key, tensor]) => [`${wrapper}${key}`, tensor]),
    ),
    run(picture) {
      const first = weights.apply(names.first, folded(picture))
      let x = first
      for (let b = 0; b < blocks; b++) x = add(dense(b, 3, dense(b, 2, dense(b, 1, x))), x, 0.2)
      x = add(first, weights.apply(names.trunk, x))
      for (let n = 1; n <= doublings; n++) x = leak(weights.apply(names.up(n), repeated(x, 2)))
      return weights.apply(names.last, leak(weights.apply(names.hr, x)))
    },
  }
}

/** Real-ESRGAN's SRVGGNetCompact with two convolutions inside. */
export function compactByHand(scale: number): ByHand {
  const [channels, inside] = [4, 2]
  const weights = new Weights()
  for (let layer = 0; layer <= inside; layer++) {
    weights.conv(`body.${2 * layer}`, channels, layer === 0 ? 3 : channels)
    weights.add(`body.${2 * layer + 1}.weight`, channels)
  }
  const last = `body.${2 * inside + 2}`
  weights.conv(last, 3 * scale ** 2, channels)
  return {
    tensors: weights.tensors,
    run(picture) {
      let x = picture
      for (let layer = 0; layer <= inside; layer++) {
        const slopes = weights.of(`body.${2 * layer + 1}.weight`)
        x = map(weights.apply(`body.${2 * layer}`, x), (value, c) => (value > 0 ? value : slopes[c] * value))
      }
      const spread = weights.apply(last, x)
      const shuffled = picture.map((rows, c) =>
        Array.from({ length: rows.length * scale }, (_, y) =>
          Array.from({ length: rows[0].length * scale }, (_, column) => {
            const place = (y % scale) * scale + (column % scale)
            return spread[c * scale ** 2 + place][Math.floor(y / scale)][Math.floor(column / scale)]
          }),
        ),
      )
      return add(shuffled, repeated(picture, scale))
    },
  }
}
