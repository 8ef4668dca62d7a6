import { Graph } from '../../graph/writing/graph.ts'
import type { Dialect, Value } from '../../graph/writing/value.ts'
import type { Weight } from '../../graph/weights/weight.ts'
import { attention, causalMask } from '../../graph/layers/attention.ts'
import {
  conv2d,
  groupNorm,
  layerNorm,
  linear,
  plainNorm,
  resnetBlock,
  rmsNorm,
  silu,
  upsample,
} from '../../graph/layers/layers.ts'
import { rotary, turned } from '../../graph/layers/rotary.ts'
import { openSession, type RealDevice } from './session.ts'
import { relativeDifference, waves } from './testNumbers.ts'
import { newTallies } from './tallies.ts'
import { testTogether, type TogetherSpeed } from './togetherTest.ts'

/**
 * Whether a device computes what the CPU computes, form by form: some WebGPU adapters are wrong in fused attention
 * (measured), and nothing but a comparison tells.
 */
export interface SelfTest {
  /** Root mean square of the difference to the CPU, relative to the CPU's result, per form of operator. */
  differences: Readonly<Record<string, number>>
  /** The forms to use; null where even the plainest are wrong. */
  dialect: Dialect | null
  /** How many times faster than the CPU a convolution of a U-Net's size is; null where nothing works. */
  speed: number | null
  /** Of a card that is faster than the CPU: what two evaluations in one run gain. */
  together: readonly TogetherSpeed[]
}

/** Tests a device. Throws what opening a session on it throws, `device-unavailable` first of all. */
export async function testDevice(device: RealDevice): Promise<SelfTest> {
  const plain = await differences(device, { ...plainDialect, ...formsOf(device) }, plainForms)
  if (!within(plain, 1e-3)) return { differences: plain, dialect: null, speed: null, together: [] }
  const wideFused: Dialect = { ...formsOf(device), attention: 'fused', precision: 'float32' }
  const fused = await differences(device, wideFused, attentionForms)
  const form = within(fused, 5e-4) ? 'fused' : 'sliced'
  const half = await halfDifferences(device, form)
  const precision = half && within(half, 2e-2) ? 'float16' : 'float32'
  // Where they cannot be opened, all else goes on.
  const notOpened = (): Record<string, number> => ({ 'layers not opened': Number.MAX_VALUE })
  const wide: Dialect = { ...wideFused, attention: form }
  const ofTransformers = await differences(device, wide, transformerForms).catch(notOpened)
  const ofBlocks = await blockDifferences(device, wide).catch(notOpened)
  const dialect: Dialect = {
    ...{ ...formsOf(device), attention: form, precision },
    ...(!within(ofTransformers, 1e-3) && { transformers: 'wrong' }),
    ...(device !== 'cpu' && within(ofBlocks, 1e-3) && { blockProducts: true }),
  }
  const speed = await compareSpeed(device, dialect)
  return {
    differences: {
      ...{ ...plain, ...named(fused, 'fused '), ...named(half ?? {}, 'float16 ') },
      ...{ ...named(ofTransformers, 'transformer '), ...named(ofBlocks, 'blocks ') },
    },
    ...{ dialect, speed },
    // Where it cannot be tested it is not done.
    together: device === 'cpu' || speed < 1 ? [] : await testTogether(device, dialect).catch(() => []),
  }
}

/** The forms that are plainest, which the CPU's results are computed in. */
const plainDialect: Dialect = { attention: 'sliced', precision: 'float32' }

/** The forms that a device is fastest in, wherever it is right. */
const formsOf = (device: RealDevice): Partial<Dialect> => (device === 'webgpu' ? { products: 'by card' } : {})

const within = (found: Readonly<Record<string, number>>, limit: number): boolean =>
  Object.values(found).every((difference) => difference <= limit)

const named = (found: Readonly<Record<string, number>>, prefix: string): Record<string, number> =>
  Object.fromEntries(Object.entries(found).map(([form, difference]) => [prefix + form, difference]))

/** Devices without half precision refuse when the session is opened. */
async function halfDifferences(
  device: RealDevice,
  form: Dialect['attention'],
): Promise<Record<string, number> | null> {
  if (device === 'cpu' || device === 'coreml') return null
  const dialect: Dialect = { ...formsOf(device), attention: form, precision: 'float16' }
  return differences(device, dialect, { ...plainForms, ...attentionForms }).catch(() => null)
}

type Form = (g: Graph, x: Value) => Value

const channels = 32
const side = 16

/** Every kind of layer the networks are made of; x is [1, 32, 16, 16]. */
export const plainForms = {
  'convolution 3x3': (g, x) => conv2d(g.scope('conv'), x, channels),
  'convolution of more inputs': (g, x) => conv2d(g.scope('wide'), g.concat([x, x], 1), channels),
  'convolution 1x1': (g, x) => conv2d(g.scope('point'), x, 2 * channels, { kernel: 1 }),
  'convolution stride 2': (g, x) => conv2d(g.scope('conv'), x, channels, { stride: 2, pads: [0, 0, 1, 1] }),
  'group norm': (g, x) => silu(g, groupNorm(g.scope('norm'), x, 8, 1e-5)),
  'residual block': (g, x) => resnetBlock(g.scope('resnet'), x, null, channels, { groups: 8, epsilon: 1e-5 }),
  upsampling: (g, x) => upsample(g, x),
  concatenation: (g, x) => g.concat([x, x], 1),
  'linear and layer norm': (g, x) =>
    layerNorm(g.scope('norm'), linear(g.scope('linear'), tokens(g, x, channels), channels), 1e-5),
  gelu: (g, x) => g.gelu(tokens(g, x, channels)),
  'sliced attention': (g, x) => attend(g, x, 40, 'all'),
} satisfies Readonly<Record<string, Form>>

/** Head widths of the published models, among themselves and to fewer keys. */
const attentionForms: Readonly<Record<string, Form>> = Object.fromEntries(
  [40, 64, 80, 160].flatMap((head): [string, Form][] => [
    [`attention of head width ${head}`, (g, x) => attend(g, x, head, 'all')],
    [`attention of head width ${head} to context`, (g, x) => attend(g, x, head, 'some')],
  ]),
)

/** What transformers are made of besides: 256 tokens of two heads of 16. */
const transformerForms: Readonly<Record<string, Form>> = {
  'rms norm': (g, x) => rmsNorm(g.scope('norm'), tokens(g, x, channels), 1e-6),
  'plain norm': (g, x) => plainNorm(g, tokens(g, x, channels), 1e-6),
  'rotary embedding of neighbours': (g, x) => turnedTokens(g, x, 'neighbours'),
  'rotary embedding of halves': (g, x) => turnedTokens(g, x, 'halves'),
  'masked attention of head width 128': (g, x) => attend(g, x, 128, 'all', causalMask(g, side * side)),
}

/** Weights in blocks, multiplied as they are. On the CPU they stay in their file and are widened in the run. */
const blockForms: Readonly<Record<string, Form>> = {
  'of 4 bits': (g, x) => linear(g.scope('blocks4'), tokens(g, x, 2 * channels), channels, { bias: false }),
  'of 8 bits': (g, x) => linear(g.scope('blocks8'), tokens(g, x, 2 * channels), channels, { bias: false }),
}

const blockDifferences = (device: RealDevice, dialect: Dialect): Promise<Record<string, number>> =>
  differences(device, { ...dialect, blockProducts: true }, blockForms)

function turnedTokens(g: Graph, x: Value, pairs: 'neighbours' | 'halves'): Value {
  const places = Array.from({ length: side * side }, (_, i) => [Math.floor(i / side), i % side])
  return turned(g, tokens(g, x, channels), rotary(g, places, [4, 12], 2000), pairs)
}

const tokens = (g: Graph, x: Value, width: number): Value =>
  g.reshape(x, [(channels * side * side) / width, width])

function attend(g: Graph, x: Value, head: number, keys: 'all' | 'some', bias: Value | null = null): Value {
  const scope = g.scope(`attention${head}`)
  // Large scores make the softmax steep, where wrong kernels differ most.
  const all = g.mul(tokens(g, x, channels), g.constant([3], [1]))
  const some = keys === 'all' ? all : g.slice(all, 0, 0, 77)
  const [q, k, v] = [all, some, some].map((from, index) => linear(scope.scope(index), from, 2 * head))
  return attention(g, q, k, v, 2, { bias })
}

/** Shapes of the weights by their keys. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  'conv.weight': [channels, channels, 3, 3],
  'conv.bias': [channels],
  'wide.weight': [channels, 2 * channels, 3, 3],
  'wide.bias': [channels],
  'point.weight': [2 * channels, channels, 1, 1],
  'point.bias': [2 * channels],
  'norm.weight': [channels],
  'norm.bias': [channels],
  'linear.weight': [channels, channels],
  'linear.bias': [channels],
  ...Object.fromEntries(
    ['norm1', 'norm2'].flatMap((name) => [
      [`resnet.${name}.weight`, [channels]],
      [`resnet.${name}.bias`, [channels]],
    ]),
  ),
  ...Object.fromEntries(
    ['conv1', 'conv2'].flatMap((name) => [
      [`resnet.${name}.weight`, [channels, channels, 3, 3]],
      [`resnet.${name}.bias`, [channels]],
    ]),
  ),
  ...Object.fromEntries(
    [40, 64, 80, 128, 160].flatMap((head) =>
      [0, 1, 2].flatMap((index) => [
        [`attention${head}.${index}.weight`, [2 * head, channels]],
        [`attention${head}.${index}.bias`, [2 * head]],
      ]),
    ),
  ),
}

/** Weights of twice as many inputs in blocks of 32, each of a factor in half precision (0.0137) and as many bytes. */
const blocks: Readonly<Record<string, Weight | undefined>> = Object.fromEntries(
  (
    [
      ['blocks4', 'Q4_0', 18],
      ['blocks8', 'Q8_0', 34],
    ] as const
  ).map(([name, form, size]) => {
    const data = Uint8Array.from({ length: 2 * channels * size }, (_, i) =>
      i % size < 2 ? [0x00, 0x23][i % size] : (i * 37) % 251,
    )
    return [
      `${name}.weight`,
      { ...{ dataType: 'uint8', shape: [channels, 2 * channels], transposed: false, data }, blocks: form },
    ]
  }),
)

/** Runs the forms on the device and, in their plainest way, on the CPU. */
export async function differences(
  device: RealDevice,
  dialect: Dialect,
  forms: Readonly<Record<string, Form>>,
): Promise<Record<string, number>> {
  const found = await runForms(device, dialect, forms)
  const expected = await runForms('cpu', plainDialect, forms)
  return Object.fromEntries(
    Object.keys(forms).map((form) => [form, relativeDifference(found[form], expected[form])]),
  )
}

async function runForms(
  device: RealDevice,
  dialect: Dialect,
  forms: Readonly<Record<string, Form>>,
): Promise<Record<string, Float32Array>> {
  const graph = Graph.over((key) => blocks[key] ?? (shapes[key] && waves(shapes[key], key.length)), dialect)
  const x = graph.input('x', [1, channels, side, side])
  for (const [name, form] of Object.entries(forms)) graph.output(name, form(graph, x))
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), { device, folder: '.', frugal: false, tally })
  try {
    const data = Float32Array.from(
      { length: channels * side * side },
      (_, index) => 2 * Math.sin(index * 0.37),
    )
    return await session.run({ x: { data, shape: x.shape } })
  } finally {
    await session.release()
  }
}

/** First on little work, where a software device already gives itself away, then on what is worth sending to one. */
async function compareSpeed(device: RealDevice, dialect: Dialect): Promise<number> {
  const ratio = async (work: Convolutions): Promise<number> =>
    (await timeConvolutions('cpu', plainDialect, work)) / (await timeConvolutions(device, dialect, work))
  const little = await ratio({ width: 32, count: 1 })
  return little < 0.05 ? little : ratio({ width: 320, count: 8 })
}

interface Convolutions {
  width: number
  /** One behind the other: a U-Net sends its picture to the device once for all its layers. */
  count: number
}

/** The better of two runs of 3×3 convolutions over 64×64 latents, in ms. */
async function timeConvolutions(
  device: RealDevice,
  dialect: Dialect,
  { width, count }: Convolutions,
): Promise<number> {
  const graph = Graph.over((key) => waves(key === 'bias' ? [width] : [width, width, 3, 3], 1), dialect)
  const x = graph.input('x', [1, width, 64, 64])
  let y = x
  for (let layer = 0; layer < count; layer++) y = conv2d(graph, y, width)
  graph.output('y', y)
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), { device, folder: '.', frugal: false, tally })
  const input = { x: { data: new Float32Array(width * 64 * 64).fill(1), shape: x.shape } }
  await session.run(input)
  const times = []
  for (let run = 0; run < 2; run++) {
    const before = tally.runMs
    await session.run(input)
    times.push(tally.runMs - before)
  }
  await session.release()
  return Math.min(...times)
}
