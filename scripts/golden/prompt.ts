import { promptChunks, type Chunk } from '../../src/engine/text/chunks.ts'
import { comfyChunks, interpolateEmphasis, parseComfyEmphasis } from '../../src/engine/text/comfyPrompt.ts'
import {
  applyEmphasis,
  parseEmphasis,
  type EmphasisMode,
  type WeightedText,
} from '../../src/engine/text/emphasis.ts'
import { composePrompt } from '../../src/engine/text/prompt.ts'
import { promptSchedule, type PromptTiming } from '../../src/engine/text/promptSchedule.ts'
import { openTokenizer } from '../../src/engine/text/tokenizer.ts'
import { standardTokenizerFiles } from '../../src/engine/text/tokenizerFiles.ts'
import { stripComments } from '../../src/shared/prompt/promptTags.ts'
import { exactCase, shorten, type Expectation } from './exact.ts'
import { compare, headerKind, type CaseResult, type GoldenKind } from './kind.ts'
import { floats } from './numbers.ts'

type Pair = [text: string, weight: number]
type Entry = [until: number, text: string]

interface SyntaxFile {
  cases: SyntaxCase[]
  strip_comments?: [text: string, stripped: string][]
}

interface SyntaxCase {
  prompt: string
  attention: Pair[] | { raises: string }
  schedule?: Record<string, Entry[]>
  multicond?: Pair[]
  comfy_token_weights?: Pair[]
}

interface ChunkingFile {
  a1111?: ChunkingCase[]
  comfy?: ChunkingCase[]
  emphasis_case?: EmphasisCase
}

interface ChunkingCase {
  prompt: string
  comma_padding_backtrack?: number
  chunks: { tokens: number[]; multipliers_rle?: [number, number][]; weights_rle?: [number, number][] }[]
}

interface EmphasisCase {
  shape: number[]
  z_base64: string
  z_empty_base64: string
  multipliers: number[]
  a1111: { mode: EmphasisMode; out_base64: string }[]
  comfy_out_base64: string
}

/** Kind D: what the prompt languages of AUTOMATIC1111 and ComfyUI make of a text. */
export const promptSyntax: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('D '),
  *run({ json }) {
    const { cases, strip_comments: comments = [] } = json as SyntaxFile
    for (const expected of cases) yield syntaxCase(expected)
    for (const [text, stripped] of comments) {
      const expectation = { what: 'strip_comments', found: stripComments(text), expected: stripped }
      yield exactCase('D', `D strip_comments ${shorten(text)}`, [expectation])
    }
  },
}

/** Field names such as schedule_hires_base20_hr10 say how the steps are counted. */
const timings: [RegExp, (numbers: number[]) => [steps: number, timing: PromptTiming]][] = [
  [/^schedule_old_(\d+)$/, ([steps]) => [steps, { old: true }]],
  [/^schedule_hires_base(\d+)_hr(\d+)$/, ([base, steps]) => [steps, { stepsBefore: base }]],
]

function syntaxCase(expected: SyntaxCase): CaseResult {
  const { prompt } = expected
  const { parts, note } = attentionExpectations(prompt, expected.attention)
  for (const [steps, entries] of Object.entries(expected.schedule ?? {})) {
    parts.push({ what: `schedule ${steps}`, found: schedule(prompt, Number(steps)), expected: entries })
  }
  for (const [field, value] of Object.entries(expected)) {
    for (const [pattern, read] of timings) {
      const numbers = pattern.exec(field)?.slice(1).map(Number)
      if (numbers) parts.push({ what: field, found: schedule(prompt, ...read(numbers)), expected: value })
    }
  }
  if (expected.multicond) {
    parts.push({ what: 'multicond', found: composePrompt(prompt).map(toPair), expected: expected.multicond })
  }
  if (expected.comfy_token_weights) {
    parts.push(
      ...weightExpectations('comfy_token_weights', parseComfyEmphasis(prompt), expected.comfy_token_weights),
    )
  }
  return exactCase('D', `D ${shorten(prompt)}`, parts, note)
}

const toPair = ({ text, weight }: WeightedText): Pair => [text, weight]
const schedule = (prompt: string, steps: number, timing?: PromptTiming) =>
  promptSchedule(prompt, steps, timing).map(({ until, text }) => [until, text])

/** Where the reference raises an error, it is enough that we do not: a prompt is never an error here. */
function attentionExpectations(
  prompt: string,
  attention: SyntaxCase['attention'],
): { parts: Expectation[]; note: string } {
  const found = parseEmphasis(prompt)
  if (Array.isArray(attention)) return { parts: weightExpectations('attention', found, attention), note: '' }
  return { parts: [], note: `the reference raises ${attention.raises}; read as text here` }
}

/** Texts exactly, weights within 1e-12 of the expected. */
function weightExpectations(
  what: string,
  found: readonly WeightedText[],
  expected: readonly Pair[],
): Expectation[] {
  const weights = compare(
    found.map(({ weight }) => weight),
    expected.map(([, weight]) => weight),
    { rel: 1e-12 },
  )
  const texts = {
    what: `${what} texts`,
    found: found.map(({ text }) => text),
    expected: expected.map(([text]) => text),
  }
  return [texts, { what: `${what} weights`, found: weights.pass ? expected : found.map(toPair), expected }]
}

/** Kind D, second part: chunks of 75 tokens with their weights, and what weights do to hidden states. */
export const promptChunking: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('D2 '),
  async *run({ json }) {
    const files = await standardTokenizerFiles()
    const withFtfy = openTokenizer(files, 'transformers with ftfy')
    const plain = openTokenizer(files, 'transformers')
    const { a1111 = [], comfy = [], emphasis_case: emphasis } = json as ChunkingFile
    for (const expected of a1111) {
      const commaBacktrack = expected.comma_padding_backtrack ?? 20
      const found = promptChunks(withFtfy, expected.prompt, { commaBacktrack })
      yield chunkCase(`D a1111 backtrack ${commaBacktrack} ${shorten(expected.prompt)}`, found, expected)
    }
    for (const expected of comfy) {
      yield chunkCase(`D comfy ${shorten(expected.prompt)}`, comfyChunks(plain, expected.prompt), expected)
    }
    if (emphasis) yield* emphasisCases(emphasis)
  },
}

function chunkCase(name: string, found: readonly Chunk[], { chunks }: ChunkingCase): CaseResult {
  const weights = chunks.map(({ multipliers_rle, weights_rle }) =>
    (multipliers_rle ?? weights_rle ?? []).flatMap(([weight, count]) => Array<number>(count).fill(weight)),
  )
  return exactCase('D', name, [
    { what: 'tokens', found: found.map(({ ids }) => ids), expected: chunks.map(({ tokens }) => tokens) },
    { what: 'weights', found: found.map((chunk) => chunk.weights), expected: weights },
  ])
}

function* emphasisCases(expected: EmphasisCase): Generator<CaseResult> {
  const hidden = floats(expected.z_base64)
  const width = expected.shape.at(-1)!
  for (const { mode, out_base64 } of expected.a1111) {
    const found = applyEmphasis(hidden, expected.multipliers, width, mode)
    yield numbersCase(`D emphasis ${mode}`, found, out_base64)
  }
  const moved = interpolateEmphasis(hidden, floats(expected.z_empty_base64), expected.multipliers, width)
  yield numbersCase('D emphasis ComfyUI', moved, expected.comfy_out_base64)
}

/** float32 sums over a few hundred numbers agree to a few of their last places. */
function numbersCase(name: string, found: Float32Array, base64: string): CaseResult {
  const tolerance = { abs: 2e-6, rel: 2e-6 }
  return { name, kind: 'D', ...compare(found, floats(base64), tolerance), tolerance: '2e-6', note: '' }
}
