import { dirname, join } from 'node:path'
import { readFileSync } from 'node:fs'
import { blockStrengths } from '../../src/engine/adapters/blocks.ts'
import { readAdapterFile } from '../../src/engine/adapters/adapterFile.ts'
import { fitAdapter } from '../../src/engine/adapters/fitAdapter.ts'
import { unetWearable } from '../../src/engine/adapters/wearable.ts'
import type { NetworkAdapter } from '../../src/engine/graph/adapters/adaptation.ts'
import { clipTextConfig } from '../../src/engine/graph/clip/clipTextConfig.ts'
import { unetConfig } from '../../src/engine/graph/unet/unetConfig.ts'
import { type Graph } from '../../src/engine/graph/writing/graph.ts'
import { builtNetworks, type Parts, type TextPart } from '../../src/engine/model/networks/builtNetworks.ts'
import { graphOver } from '../../src/engine/model/networks/graphOver.ts'
import { readConfig, readTensors } from '../../src/engine/model/sources/component.ts'
import type { AddedConditions } from '../../src/engine/model/model.ts'
import { openSession } from '../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { brokenCase, headerKind, type CaseResult, type GoldenFile, type GoldenKind } from './kind.ts'
import { floats, largestDifference } from './numbers.ts'

/**
 * Adapters over the tiny networks of kind F: the outputs of U-Net and text encoders at every strength, with the
 * adapter as a live branch and merged, and single weights after the merge.
 */
export const adapters: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('LoRA family'),
  async *run(file) {
    const { cases = [], sdxl } = file.json as Reference
    for (const golden of cases) yield* caseResults(golden, () => stableDiffusion(file, golden))
    if (sdxl) yield* caseResults(sdxl, () => stableDiffusionXl(file, sdxl))
  },
}

const outputTolerance = 1e-4
const weightTolerance = 1e-6

interface Reference {
  header: { unet: string; text_encoder: string }
  input: {
    x_shape: number[]
    x_base64: string
    timestep: number
    context_base64: string
    context_shape: number[]
    input_ids: number[]
  }
  cases?: Case[]
  sdxl?: XlCase
}

interface Case {
  file: string
  results: Result[]
}

interface XlCase extends Case {
  networks: { unet: string; text_encoder: string; text_encoder_2: string }
  /** "case 0 of PATH". */
  unet_input: string
  text_input: { input_ids_te1: number[]; input_ids_te2: number[] }
}

interface Result {
  strength: number
  unet_out_base64: string
  text_encoder_out_base64?: string
  text_encoder_2_last_hidden_state_base64?: string
  text_encoder_2_text_embeds?: number[]
  merged_weight_samples?: {
    component: string
    module: string
    shape: number[]
    first8: number[]
    frobenius: number
  }[]
}

/** What an adapter is held against: networks, and what goes in. */
interface Bench {
  parts: Parts
  path: string
  unet: {
    x: Float32Array
    shape: number[]
    timestep: number
    context: Float32Array
    tokens: number
    added: AddedConditions
  }
  ids: number[][]
}

async function* caseResults(golden: Case, prepare: () => Promise<Bench>): AsyncGenerator<CaseResult> {
  try {
    const bench = await prepare()
    const fitted = fitAdapter(
      await readAdapterFile(bench.path),
      unetWearable(bench.parts),
      'networks of the reference',
    )
    for (const result of golden.results)
      for (const form of ['live', 'merged'] as const) {
        const name = `${golden.file} ${form} at ${result.strength}`
        const outputs = await outputsOf(bench, fitted, form === 'live', result.strength)
        yield judge(name, comparedOutputs(outputs, result), outputTolerance)
        if (form === 'merged' && result.merged_weight_samples)
          yield judge(`${name}: weights`, await comparedWeights(bench, fitted, result), weightTolerance)
      }
  } catch (error) {
    yield brokenCase(
      'lora',
      golden.file,
      `could not be run: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function judge(name: string, differences: readonly number[], tolerance: number): CaseResult {
  const maxAbs = Math.max(0, ...differences)
  const pass = differences.length > 0 && maxAbs <= tolerance
  const note = `${differences.length} compared`
  return {
    name: `lora ${name}`,
    kind: 'lora',
    pass,
    maxAbs,
    maxRel: 0,
    tolerance: `${tolerance} absolute`,
    note,
  }
}

type Fitted = ReturnType<typeof fitAdapter>

/** The form a graph gets an adapter in, and what its runs say of it. */
function overlay(
  modules: NetworkAdapter['modules'],
  isLive: boolean,
  strength: number,
): { adapters: NetworkAdapter[]; strengths: Float32Array } {
  const row = blockStrengths(strength, null)
  if (isLive) return { adapters: [{ modules, merged: null }], strengths: Float32Array.from(row) }
  return { adapters: [{ modules, merged: row }], strengths: new Float32Array() }
}

interface Outputs {
  unet: Float32Array
  text: { hidden: Float32Array; pooled: Float32Array | null }[]
}

async function outputsOf(bench: Bench, fitted: Fitted, isLive: boolean, strength: number): Promise<Outputs> {
  const dialect = { attention: 'fused', precision: 'float32' } as const
  const networks = builtNetworks(bench.parts, { device: 'cpu', dialect, tallies: newTallies() })
  const text = []
  for (const [encoder, ids] of bench.ids.entries()) {
    const over = overlay(fitted.text[encoder], isLive, strength)
    const network = await networks.openTextEncoder(encoder, 1, over.adapters)
    text.push(await network.encode(ids, [], over.strengths))
    await network.release()
  }
  const { x, shape, timestep, context, tokens, added } = bench.unet
  const over = overlay(fitted.unet, isLive, strength)
  const unet = await networks.openUnet({ height: shape[2], width: shape[3], contextTokens: tokens }, over)
  const prediction = await unet.run(x, timestep, context, added, over.strengths)
  await unet.release()
  return { unet: prediction, text }
}

function comparedOutputs({ unet, text }: Outputs, result: Result): number[] {
  const differences = [largestDifference(unet, floats(result.unet_out_base64))]
  const compare = (found: ArrayLike<number> | null | undefined, expected: ArrayLike<number>): void =>
    void differences.push(found ? largestDifference(found, expected) : Infinity)
  if (result.text_encoder_out_base64) compare(text[0]?.hidden, floats(result.text_encoder_out_base64))
  if (result.text_encoder_2_last_hidden_state_base64)
    compare(text[1]?.hidden, floats(result.text_encoder_2_last_hidden_state_base64))
  if (result.text_encoder_2_text_embeds) compare(text[1]?.pooled, result.text_encoder_2_text_embeds)
  return differences
}

/** The first eight numbers of some merged weights, and their length relative to the expected one. */
async function comparedWeights(bench: Bench, fitted: Fitted, result: Result): Promise<number[]> {
  const differences = []
  for (const { component, module, shape, first8, frobenius } of result.merged_weight_samples!) {
    const isUnet = component === 'unet'
    const { tensors } = isUnet ? bench.parts.unet : bench.parts.textEncoders[0]
    const { adapters } = overlay(isUnet ? fitted.unet : fitted.text[0], false, result.strength)
    const graph = graphOver(tensors, { attention: 'fused', precision: 'float32' }, adapters)
    const weight = await evaluated(graph, module, shape)
    const length = Math.sqrt(weight.reduce((sum, value) => sum + value * value, 0))
    differences.push(largestDifference(weight.slice(0, 8), first8), Math.abs(length - frobenius) / frobenius)
  }
  return differences
}

async function evaluated(graph: Graph, module: string, shape: readonly number[]): Promise<Float32Array> {
  graph.output('weight', graph.scope(module).weight('weight', shape))
  const tally = newTallies().unet
  const session = await openSession(graph.encode(), {
    device: 'cpu',
    folder: graph.folder,
    frugal: false,
    tally,
  })
  const { weight } = await session.run({})
  await session.release()
  return weight
}

/** A path beside the file's folder, as the file writes it: "F_networks/sd15/unet (fp32 file)". */
const beside = ({ folder }: GoldenFile, written: string): string =>
  join(dirname(folder), written.split(' ')[0])

async function textPart(path: string, pooled: boolean): Promise<TextPart> {
  return {
    config: clipTextConfig(await readConfig(path)),
    tensors: await readTensors(path),
    normalised: true,
    pooled,
  }
}

async function unetPart(path: string): Promise<Parts['unet']> {
  return { config: unetConfig(await readConfig(path)), tensors: await readTensors(path) }
}

async function stableDiffusion(file: GoldenFile, golden: Case): Promise<Bench> {
  const { header, input } = file.json as Reference
  const parts: Parts = {
    textEncoders: [await textPart(beside(file, header.text_encoder), false)],
    unet: await unetPart(beside(file, header.unet)),
    vae: null,
  }
  const unet = {
    x: floats(input.x_base64),
    shape: input.x_shape,
    timestep: input.timestep,
    context: floats(input.context_base64),
    tokens: input.context_shape[1],
    added: {},
  }
  return { parts, path: join(file.folder, golden.file), unet, ids: [input.input_ids] }
}

/** The U-Net's input is a case of its own reference file. */
async function stableDiffusionXl(file: GoldenFile, golden: XlCase): Promise<Bench> {
  const { networks, unet_input: said } = golden
  const [, index, path] = /case (\d+) of (\S+)/.exec(said) ?? []
  const reference = JSON.parse(readFileSync(beside(file, path), 'utf8'))
  const { x, context, timestep } = reference.cases[Number(index)]
  const parts: Parts = {
    textEncoders: [
      await textPart(beside(file, networks.text_encoder), false),
      await textPart(beside(file, networks.text_encoder_2), true),
    ],
    unet: await unetPart(beside(file, networks.unet)),
    vae: null,
  }
  const unet = {
    x: floats(reference.x_base64[x]),
    shape: reference.x_shapes[x],
    timestep,
    context: floats(reference.context_base64[context]),
    tokens: reference.context_shapes[context][1],
    added: {
      pooled: floats(reference.added.text_embeds_base64),
      timeIds: Float32Array.from(reference.added.time_ids[0]),
    },
  }
  const { input_ids_te1: one, input_ids_te2: other } = golden.text_input
  return { parts, path: join(file.folder, golden.file), unet, ids: [one, other] }
}
