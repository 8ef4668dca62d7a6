import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Graph } from '../../src/engine/graph/writing/graph.ts'
import { autoencoderConfig } from '../../src/engine/graph/vae/vaeConfig.ts'
import { ditKinds, type DitKind } from '../../src/engine/model/dit/ditKinds.ts'
import { readWeightFile } from '../../src/engine/model/files/weightFile.ts'
import {
  joinTensors,
  placeTensors,
  requireReadable,
  type Tensors,
} from '../../src/engine/model/files/weights.ts'
import { pictureNetworks } from '../../src/engine/model/networks/builtNetworks.ts'
import { graphOver } from '../../src/engine/model/networks/graphOver.ts'
import { cpuDialect } from '../../src/engine/model/networks/networks.ts'
import { openSession } from '../../src/engine/model/runtime/session.ts'
import { readConfig } from '../../src/engine/model/sources/component.ts'
import { readVae } from '../../src/engine/model/sources/vaeFile.ts'
import { askedItem, target } from './ditNetworks.ts'
import { held, numbers, type Held } from './held.ts'
import { eachCase, headerKind, type CaseResult, type GoldenKind } from './kind.ts'
import { largestDifference } from './numbers.ts'

/** Transformers and autoencoders in single files, in every form of weights: the same numbers, the same answers. */
export const ditFiles: GoldenKind = {
  recognises: (file) => /single-file layout/.test(headerKind(file)),
  run: ({ folder, json }) =>
    eachCase(
      'single files',
      Object.entries(json.files as Record<string, any>),
      ([name]) => name,
      ([name, reference]) => oneFile(folder, name, reference),
    ),
}

async function oneFile(folder: string, name: string, reference: any): Promise<CaseResult> {
  const path = join(folder, 'single_files', name)
  const kind = ditKinds.find(({ family }) => family.name.replaceAll('-', '') === reference.folder)!
  const parts =
    reference.component === 'vae'
      ? await vaeParts(folder, path, reference)
      : await transformerParts(folder, path, kind, reference)
  return held('single files', name, parts)
}

const golden = async (folder: string, name: string): Promise<any> =>
  JSON.parse(await readFile(join(folder, 'networks', name), 'utf8'))

async function transformerParts(
  folder: string,
  path: string,
  kind: DitKind,
  reference: any,
): Promise<Held[]> {
  const stored = joinTensors([await readWeightFile(path)])
  const tensors = placeTensors(stored, kind.place).parts.transformer
  requireReadable(tensors)
  const { cases } = await golden(folder, `${reference.folder}_transformer.json`)
  const { size, run, expected } = askedItem(cases[reference.forward.case], 0, reference.forward.out)
  const network = kind
    .transformer(await readConfig(join(folder, reference.folder as string, 'transformer')), tensors)
    .open(size, target)
  const parts: Held[] = [
    { what: 'forward', found: largestDifference(await run(network), expected), allowed: 5e-4 },
    { what: 'dequantised tensors', found: await differing(stored, reference), allowed: 0.5 },
  ]
  await network.release()
  return parts
}

/** How many tensors are other numbers than they should be, to the bit. */
async function differing(stored: Tensors, { sha256 = {}, key_prefix: prefix = '' }: any): Promise<number> {
  const graph = graphOver(stored, cpuDialect)
  const keys = Object.keys(sha256 as object)
  if (keys.length === 0) return 0
  const nameOf = (key: string): string => (stored.source(key) ? key : `${prefix}${key}`)
  for (const key of keys) {
    const name = nameOf(key)
    graph.output(name, floatsOf(graph, name, stored.source(name)!.shape))
  }
  const session = await openSession(graph.encode(), {
    device: 'cpu',
    folder: graph.folder,
    frugal: false,
    tally: target.tallies.unet,
  })
  const found = await session.run({})
  await session.release()
  const hash = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
    createHash('sha256')
      .update(new Uint8Array(buffer, byteOffset, byteLength))
      .digest('hex')
  return keys.filter((key) => hash(found[nameOf(key)]) !== sha256[key]).length
}

const floatsOf = (graph: Graph, name: string, shape: readonly number[]) => graph.weight(name, shape)

async function vaeParts(folder: string, path: string, reference: any): Promise<Held[]> {
  const config = autoencoderConfig(await readConfig(join(folder, reference.folder as string, 'vae')))
  const { tensors } = await readVae(path, { scalingFactor: 1 })
  const plain = config.kind === 'kl' ? { ...config, patches: null } : config
  const { openVaeDecoder } = pictureNetworks({ config: plain, tensors }, target)
  const { z, decoded } = (await golden(folder, `${reference.folder}_vae.json`)).cases[0]
  const decoder = await openVaeDecoder!(z.shape[2] as number, z.shape[3] as number)
  const found = await decoder.run(numbers(z))
  await decoder.release()
  return [{ what: 'decoded', found: largestDifference(found, numbers(decoded)), allowed: 3e-4 }]
}
