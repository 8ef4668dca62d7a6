import { join } from 'node:path'
import { openSession, type Input } from '../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { headerKind, type CaseResult, type GoldenKind } from './kind.ts'
import { largestDifference } from './numbers.ts'

/** Networks exported by optimum and others, run as they lie; one case an ONNX model. */
export const onnxFolders: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('ONNX folder'),
  async *run({ folder, path, json }) {
    const name = path.replace(/^.*[\\/]/, '').replace('_reference.json', '')
    for (const [part, component] of Object.entries((json as Reference).components))
      yield await modelCase(`onnx ${name} ${part}`, join(folder, name, part, 'model.onnx'), component)
  },
}

interface Reference {
  components: Record<string, Component>
}

interface Component {
  inputs_meta: [name: string, type: string, shape: unknown[]][]
  cases: { inputs: Record<string, StoredArray>; expected: Record<string, StoredArray> }[]
}

interface StoredArray {
  dtype: string
  shape: number[]
  values?: number[]
  base64?: string
}

async function modelCase(
  name: string,
  path: string,
  { inputs_meta: inputs, cases }: Component,
): Promise<CaseResult> {
  const tally = newTallies().unet
  const session = await openSession(path, { device: 'cpu', folder: join(path, '..'), frugal: false, tally })
  const half = inputs.some(([, type]) => type.includes('float16')) || /fp16/.test(path)
  const tolerance = half ? 3e-2 : 1e-4
  let maxAbs = 0
  for (const { inputs: given, expected } of cases) {
    const feeds = Object.fromEntries(Object.entries(given).map(([key, stored]) => [key, inputOf(stored)]))
    const outputs = await session.run(feeds)
    for (const [key, stored] of Object.entries(expected))
      maxAbs = Math.max(maxAbs, largestDifference(outputs[key] ?? [], numbersOf(stored)))
  }
  await session.release()
  const note = `${cases.length} runs`
  return {
    name,
    kind: 'onnx',
    pass: maxAbs <= tolerance,
    maxAbs,
    maxRel: 0,
    tolerance: `${tolerance} absolute`,
    note,
  }
}

const inputOf = (stored: StoredArray): Input => ({ data: numbersOf(stored), shape: stored.shape })

function numbersOf({ dtype, values, base64 }: StoredArray): Float32Array {
  if (values || base64 === undefined) return Float32Array.from(values ?? [])
  const { buffer } = Uint8Array.from(Buffer.from(base64, 'base64'))
  return dtype === 'float16' ? Float32Array.from(new Float16Array(buffer)) : new Float32Array(buffer)
}
