/** A U-Net of one level, computed number by number from its equations: no graph, no ONNX Runtime. */

/** A table [rows, columns], row-major. */
export interface Table {
  rows: number
  columns: number
  data: Float64Array
}

export type Weights = (key: string) => { shape: readonly number[]; data: Float64Array } | undefined

export interface Form {
  height: number
  width: number
  channels: number
  groups: number
  heads: number
}

const table = (rows: number, columns: number, of: (row: number, column: number) => number): Table => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, i) => of(Math.floor(i / columns), i % columns)),
})
const at = ({ columns, data }: Table, row: number, column: number): number => data[row * columns + column]
const plus = (a: Table, b: Table): Table => ({ ...a, data: a.data.map((value, i) => value + b.data[i]) })
const each = (a: Table, of: (value: number) => number): Table => ({ ...a, data: a.data.map(of) })
const transposed = (a: Table): Table => table(a.columns, a.rows, (row, column) => at(a, column, row))
const silu = (x: Table): Table => each(x, (value) => value / (1 + Math.exp(-value)))

/** Abramowitz and Stegun 7.1.26 would be off by 1e-7; the series is exact enough. */
function erf(x: number): number {
  let [sum, term] = [x, x]
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

/** What is turned inside: a factor of every skip connection, and FreeU's b and s of both stages. */
export interface Dialled {
  skips: readonly number[]
  freeU: readonly number[]
}

/** Maps of every cross-attention in the order in which they run, and the prediction. Pictures are [channels, pixels]. */
export function unetByHand(
  weights: Weights,
  { height, width, channels, groups, heads }: Form,
  given: { sample: Table; timestep: Table; context: Table },
  { skips: factors, freeU: [b, , s] }: Dialled = { skips: [1, 1], freeU: [1, 1, 1, 1] },
): { maps: Table[]; prediction: Table } {
  const maps: Table[] = []
  const tensor = (key: string) => weights(key) ?? missing(key)
  const pixels = height * width

  /** x [n, in] · Wᵀ + b. */
  function linear(key: string, x: Table): Table {
    const { shape, data } = tensor(`${key}.weight`)
    const bias = weights(`${key}.bias`)?.data
    return table(x.rows, shape[0], (row, out) => {
      let sum = bias?.[out] ?? 0
      for (let i = 0; i < shape[1]; i++) sum += at(x, row, i) * data[out * shape[1] + i]
      return sum
    })
  }

  function conv(key: string, x: Table): Table {
    const { shape, data } = tensor(`${key}.weight`)
    const bias = tensor(`${key}.bias`).data
    const [outputs, inputs, kernel] = shape
    const reach = (kernel - 1) / 2
    return table(outputs, pixels, (out, pixel) => {
      const [row, column] = [Math.floor(pixel / width), pixel % width]
      let sum = bias[out]
      for (let channel = 0; channel < inputs; channel++)
        for (let dy = -reach; dy <= reach; dy++)
          for (let dx = -reach; dx <= reach; dx++) {
            const [y, z] = [row + dy, column + dx]
            if (y < 0 || z < 0 || y >= height || z >= width) continue
            const tap = ((out * inputs + channel) * kernel + dy + reach) * kernel + dx + reach
            sum += at(x, channel, y * width + z) * data[tap]
          }
      return sum
    })
  }

  const normalised = (values: Float64Array, epsilon: number): Float64Array => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    return values.map((value) => (value - mean) / Math.sqrt(variance + epsilon))
  }

  function groupNorm(key: string, x: Table, epsilon: number): Table {
    const size = (x.rows / groups) * x.columns
    const data = new Float64Array(x.data.length)
    for (let group = 0; group < groups; group++)
      data.set(normalised(x.data.subarray(group * size, (group + 1) * size), epsilon), group * size)
    const [scale, shift] = [tensor(`${key}.weight`).data, tensor(`${key}.bias`).data]
    return table(x.rows, x.columns, (row, i) => data[row * x.columns + i] * scale[row] + shift[row])
  }

  function layerNorm(key: string, x: Table): Table {
    const [scale, shift] = [tensor(`${key}.weight`).data, tensor(`${key}.bias`).data]
    const rows = Array.from({ length: x.rows }, (_, row) =>
      normalised(x.data.subarray(row * x.columns, (row + 1) * x.columns), 1e-5),
    )
    return table(x.rows, x.columns, (row, i) => rows[row][i] * scale[i] + shift[i])
  }

  function resnet(key: string, x: Table, embedding: Table): Table {
    let h = conv(`${key}.conv1`, silu(groupNorm(`${key}.norm1`, x, 1e-5)))
    const shift = linear(`${key}.time_emb_proj`, embedding)
    h = table(h.rows, h.columns, (row, i) => at(h, row, i) + shift.data[row])
    h = conv(`${key}.conv2`, silu(groupNorm(`${key}.norm2`, h, 1e-5)))
    return plus(x.rows === channels ? x : conv(`${key}.conv_shortcut`, x), h)
  }

  /** Softmax(q kᵀ / √d) v over heads; `isCross` keeps the mean of the softmax over them. */
  function attend(key: string, x: Table, context: Table, isCross: boolean): Table {
    const [q, k, v] = [
      linear(`${key}.to_q`, x),
      linear(`${key}.to_k`, context),
      linear(`${key}.to_v`, context),
    ]
    const d = q.columns / heads
    const mean = table(q.rows, k.rows, () => 0)
    const out = table(q.rows, q.columns, () => 0)
    for (let head = 0; head < heads; head++)
      for (let row = 0; row < q.rows; row++) {
        const scores = Array.from({ length: k.rows }, (_, key) => {
          let dot = 0
          for (let i = head * d; i < (head + 1) * d; i++) dot += at(q, row, i) * at(k, key, i)
          return Math.exp(dot / Math.sqrt(d))
        })
        const sum = scores.reduce((total, score) => total + score, 0)
        scores.forEach((score, key) => {
          mean.data[row * k.rows + key] += score / sum / heads
          for (let i = head * d; i < (head + 1) * d; i++)
            out.data[row * q.columns + i] += (score / sum) * at(v, key, i)
        })
      }
    if (isCross) maps.push(mean)
    return linear(`${key}.to_out.0`, out)
  }

  function transformer(key: string, x: Table): Table {
    const block = `${key}.transformer_blocks.0`
    let tokens = transposed(conv(`${key}.proj_in`, groupNorm(`${key}.norm`, x, 1e-6)))
    const self = layerNorm(`${block}.norm1`, tokens)
    tokens = plus(tokens, attend(`${block}.attn1`, self, self, false))
    tokens = plus(tokens, attend(`${block}.attn2`, layerNorm(`${block}.norm2`, tokens), given.context, true))
    const both = linear(`${block}.ff.net.0.proj`, layerNorm(`${block}.norm3`, tokens))
    const inner = both.columns / 2
    const gelu = (value: number): number => (value / 2) * (1 + erf(value / Math.SQRT2))
    const gated = table(both.rows, inner, (row, i) => at(both, row, i) * gelu(at(both, row, inner + i)))
    tokens = plus(tokens, linear(`${block}.ff.net.2`, gated))
    return plus(conv(`${key}.proj_out`, transposed(tokens)), x)
  }

  /** By its Fourier coefficients (the plain sum), those of frequencies -1 and 0 times s. */
  function lowScaled(x: Table, s: number): Table {
    const angle = (u: number, v: number, pixel: number): number =>
      2 * Math.PI * ((u * Math.floor(pixel / width)) / height + (v * (pixel % width)) / width)
    const out = table(x.rows, pixels, () => 0)
    for (let channel = 0; channel < x.rows; channel++)
      for (let u = 0; u < height; u++)
        for (let v = 0; v < width; v++) {
          let [real, imaginary] = [0, 0]
          for (let i = 0; i < pixels; i++) {
            real += at(x, channel, i) * Math.cos(angle(u, v, i))
            imaginary -= at(x, channel, i) * Math.sin(angle(u, v, i))
          }
          const isLow = (u === 0 || u === height - 1) && (v === 0 || v === width - 1)
          for (let i = 0; i < pixels; i++)
            out.data[channel * pixels + i] +=
              ((isLow ? s : 1) / pixels) *
              (real * Math.cos(angle(u, v, i)) - imaginary * Math.sin(angle(u, v, i)))
        }
    return out
  }

  const time = linear('time_embedding.linear_2', silu(linear('time_embedding.linear_1', given.timestep)))
  const embedding = silu(time)
  const joined = (a: Table, b: Table): Table => ({
    rows: a.rows + b.rows,
    columns: pixels,
    data: Float64Array.of(...a.data, ...b.data),
  })

  let x = conv('conv_in', given.sample)
  const skips = [x]
  x = transformer('down_blocks.0.attentions.0', resnet('down_blocks.0.resnets.0', x, embedding))
  skips.push(x)
  x = resnet('mid_block.resnets.0', x, embedding)
  x = resnet('mid_block.resnets.1', transformer('mid_block.attentions.0', x), embedding)
  for (const layer of [0, 1]) {
    const below = table(channels, pixels, (row, i) => at(x, row, i) * (row < channels / 2 ? b : 1))
    const skip = each(skips.pop()!, (value) => value * factors[1 - layer])
    x = resnet(`up_blocks.0.resnets.${layer}`, joined(below, lowScaled(skip, s)), embedding)
    x = transformer(`up_blocks.0.attentions.${layer}`, x)
  }
  return { maps, prediction: conv('conv_out', silu(groupNorm('conv_norm_out', x, 1e-5))) }
}

function missing(key: string): never {
  throw new Error(`The test's network has no ${key}.`)
}
