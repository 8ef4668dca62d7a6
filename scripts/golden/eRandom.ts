import { createHash } from 'node:crypto'
import { mersenneTwister, type MersenneTwister } from '../../src/engine/random/mersenneTwister.ts'
import { philox } from '../../src/engine/random/philox.ts'
import {
  compare,
  eachCase,
  headerKind,
  worst,
  type CaseResult,
  type DeclinedCase,
  type GoldenFile,
  type GoldenKind,
} from './kind.ts'

/** Kinds E1 and E2: torch's CPU generator and AUTOMATIC1111's NV generator. */
export const randomNumbers: GoldenKind = {
  recognises: (file) => /^E[12]\b/.test(headerKind(file)),
  run(file: GoldenFile) {
    const kind = headerKind(file).slice(0, 2)
    return eachCase(kind, file.json.cases, nameOf, kind === 'E1' ? torchCase : philoxCase)
  },
}

const nameOf = ({ op, seed, shape, shapes, sizes }: any): string =>
  `${op} seed ${seed} ${JSON.stringify(shape ?? shapes ?? sizes ?? '')}`

type Values = Float32Array | Float64Array
type Outcome = Pick<CaseResult, 'pass' | 'maxAbs' | 'maxRel'>

/** One draw as the files keep it: all its values, or both ends and their sum, and a hash of its bytes. */
interface Draw {
  n: number
  values?: number[]
  first8?: number[]
  last8?: number[]
  sum_f64: number
  sha256: string
}

/** What a draw may differ by: nothing (its bytes are hashed), one unit in the last place, or an absolute error. */
type Tolerance = 'exact' | 'one ulp' | number

function checkDraw(values: Values, golden: Draw, tolerance: Tolerance): Outcome {
  const limit =
    tolerance === 'exact' ? {} : tolerance === 'one ulp' ? { rel: ulp(values) } : { abs: tolerance }
  const each = typeof tolerance === 'number' ? tolerance : tolerance === 'exact' ? 0 : 4 * ulp(values)
  // Nine digits name a float32 without being it.
  const named = (numbers: number[]): number[] =>
    values instanceof Float32Array ? numbers.map(Math.fround) : numbers
  const parts = [
    compare([values.length], [golden.n], {}),
    compare([sum(values)], [golden.sum_f64], { abs: each * Math.max(1, values.length) + 1e-9 }),
  ]
  if (golden.values) parts.push(compare(values, named(golden.values), limit))
  if (golden.first8) parts.push(compare(values.subarray(0, 8), named(golden.first8), limit))
  if (golden.last8) parts.push(compare(values.subarray(-8), named(golden.last8), limit))
  const outcome = worst(parts)
  return tolerance === 'exact' && sha256(values) !== golden.sha256 ? { ...outcome, pass: false } : outcome
}

const ulp = (values: Values): number => (values instanceof Float32Array ? 2 ** -23 : 2 ** -50)
const sum = (values: Values): number => Array.from(values).reduce((total, value) => total + value, 0)
const sha256 = (values: Values): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')

/** README: fewer than 16 in doubles, one unit in the last place; more in float32, 3e-6. */
const normalTolerance = (count: number): Tolerance => (count < 16 ? 'one ulp' : 3e-6)

function torchCase(golden: any): CaseResult | DeclinedCase {
  const name = nameOf(golden)
  const run = torchOps.find(([pattern]) => pattern.test(golden.op))?.[1]
  if (!run) return { name, reason: `no tool draws its noise with ${golden.op}` }
  const outcome = run(mersenneTwister(golden.seed), golden)
  const tolerance = 'raw numbers and uniforms exact, normals 1 ulp below 16 and 3e-6 from 16 on'
  return { name, kind: 'E1', ...outcome, tolerance, note: roundedNote(golden.op) }
}

const roundedNote = (op: string): string =>
  /float16/.test(op) ? 'torch 2: float32 numbers rounded; at most one step of the short format apart' : ''

type TorchOp = (generator: MersenneTwister, golden: any) => Outcome

const torchOps: [RegExp, TorchOp][] = [
  [
    /^randn$/,
    (generator, golden) => checkDraw(generator.normals(golden.n), golden, normalTolerance(golden.n)),
  ],
  [
    /^sequence of torch\.randn/,
    (generator, golden) =>
      worst(
        golden.draws.map((draw: Draw) => checkDraw(generator.normals(draw.n), draw, normalTolerance(draw.n))),
      ),
  ],
  [
    /^randn dtype=float64$/,
    (generator, golden) =>
      checkDraw(generator.normals64(golden.n), golden, golden.n < 16 ? 'one ulp' : 1e-12),
  ],
  [
    /^randn dtype=float16$/,
    (generator, golden) => checkShort(generator.normals(golden.n), golden, halfStep, toHalf),
  ],
  [
    /^randn dtype=bfloat16$/,
    (generator, golden) => checkShort(generator.normals(golden.n), golden, brainStep, toBrain),
  ],
  [/^rand$/, (generator, golden) => checkDraw(generator.uniforms(golden.n), golden, 'exact')],
  [
    /^rand dtype=float64$/,
    (generator, golden) =>
      checkDraw(
        new Float64Array(golden.n).map(() => generator.uniform64()),
        golden,
        'exact',
      ),
  ],
  [
    /^raw mt19937 uint32/,
    // A range of 2^32 makes torch draw 64 bits and keep the low ones, which come second.
    (generator, golden) => integers(golden.values, () => (generator.uint32(), generator.uint32())),
  ],
  [
    /^randint\((\d+),(\d+)\)$/,
    (generator, golden) => {
      const [low, high] = golden.op.match(/\d+/g).map(Number)
      return integers(golden.values, () => low + (generator.uint32() % (high - low)))
    },
  ],
  [
    /^randperm\((\d+)\)$/,
    (generator, golden) => compare(permutation(generator, golden.values.length), golden.values, {}),
  ],
  [/^mixed: /, mixedDraws],
  [
    /^diffusers randn_tensor/,
    (_generator, golden) => {
      const half = golden.n / 2
      const seeds = [BigInt(golden.seed), BigInt(golden.seed) + 1n]
      const parts = seeds.map((seed) => [...mersenneTwister(seed).normals(half)])
      return checkDraw(Float32Array.from(parts.flat()), golden, 3e-6)
    },
  ],
]

/** "mixed: randn(5), rand(3), randn(16), randn(5) from the global generator", the draws as the words say. */
function mixedDraws(generator: MersenneTwister, golden: any): Outcome {
  const ops = [...String(golden.op).matchAll(/(randn?)\((\d+)\)/g)]
  return worst(
    ops.map(([, op, count], i) => {
      const n = Number(count)
      return op === 'rand'
        ? checkDraw(generator.uniforms(n), golden.draws[i], 'exact')
        : checkDraw(generator.normals(n), golden.draws[i], normalTolerance(n))
    }),
  )
}

const integers = (expected: unknown[], next: () => number): Outcome =>
  compare(expected.map(next), expected, {})

/** torch's: each place swaps with a random later one. */
function permutation(generator: MersenneTwister, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = 0; i < count - 1; i++) {
    const other = i + (generator.uint32() % (count - i))
    ;[order[i], order[other]] = [order[other], order[i]]
  }
  return order
}

/** Short floats: our float32 numbers rounded; a float32 error may push one over to the neighbour. */
function checkShort(
  values: Float32Array,
  golden: Draw,
  step: (value: number) => number,
  round: (value: number) => number,
): Outcome {
  const rounded = values.map(round)
  const pairs = golden.values
    ? [[rounded, golden.values] as const]
    : ([
        [rounded.subarray(0, 8), golden.first8!],
        [rounded.subarray(-8), golden.last8!],
      ] as const)
  return worst(
    pairs.map(([found, expected]) => {
      const outcome = compare(found, expected, { abs: Infinity })
      const near = expected.every((value, i) => Math.abs(found[i] - value) <= step(value))
      return { ...outcome, pass: near && found.length === expected.length }
    }),
  )
}

const exponent = (value: number): number => Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -14)))
const halfStep = (value: number): number => 2 ** (exponent(value) - 10)
const brainStep = (value: number): number => 2 ** (exponent(value) - 7)
const toHalf = (value: number): number => roundTo(value, halfStep(value))
const toBrain = (value: number): number => roundTo(value, brainStep(value))
const roundTo = (value: number, step: number): number => Math.round(value / step) * step

function philoxCase(golden: any): CaseResult {
  const generator = philox(golden.seed)
  const draws: Draw[] = golden.draws ?? [golden]
  return {
    name: nameOf(golden),
    kind: 'E2',
    ...worst(draws.map((draw) => checkDraw(generator.normals(draw.n), draw, 5e-7))),
    tolerance: '5e-7 absolute',
    note: '',
  }
}
