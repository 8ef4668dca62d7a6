import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { fieldsOf } from '../../../src/engine/graph/writing/protobuf.ts'
import { liveModel } from '../../../src/engine/model/liveModel.ts'
import { cpuDialect, type Target } from '../../../src/engine/model/networks/networks.ts'
import { openModel, readModel } from '../../../src/engine/model/openModel.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { checkPlanes } from '../../../src/engine/picture/picture.ts'
import type { EngineImage } from '../../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'
import { inEnglish, type Warn } from '../../../src/shared/notices.ts'

/** An export whose networks are in half precision. */
const exported = fileURLToPath(new URL('../../golden/onnx/sdxl_fp16', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decodes-again-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Multiplies weights in place; `pattern` is of their names. */
function scaleWeights(model: Uint8Array, pattern: RegExp, by: number): void {
  const graph = fieldsOf(model).find(({ number }) => number === 7)!.content
  for (const { number, content } of fieldsOf(graph)) {
    if (number !== 5) continue
    const fields = fieldsOf(content)
    const name = Buffer.from(fields.find((field) => field.number === 8)!.content).toString()
    const raw = fields.find((field) => field.number === 9)?.content
    if (!raw || !pattern.test(name)) continue
    const scaled = new Float16Array(Uint8Array.from(raw).buffer).map((value) => value * by)
    raw.set(new Uint8Array(scaled.buffer))
  }
}

/** The export with a decoder whose first convolution gives 2^16 times as much: half precision ends there. */
async function overflowing(): Promise<string> {
  await cp(exported, folder, { recursive: true })
  const path = join(folder, 'vae_decoder', 'model.onnx')
  const model = await readFile(path)
  scaleWeights(model, /decoder\.conv_in\.(weight|bias)/, 2 ** 16)
  await writeFile(path, model)
  return folder
}

const wave = Float32Array.from({ length: 4 * 64 }, (_, index) => 3 * Math.sin(index * 1.3))
const latents = { data: wave, channels: 4, height: 8, width: 8 }

describe('a decoder in half precision', () => {
  it('that overflows decodes once more in float32, and says so', async () => {
    const said: string[] = []
    const model = await openModel(await overflowing(), 'cpu', (...says) => said.push(inEnglish(says)))
    checkPlanes(await model.decode(latents))
    expect(said).toEqual([expect.stringMatching(/half precision.*once more in float32/)])
    await model.release()
  })

  it('is not decoded twice where half precision is enough', async () => {
    const said: string[] = []
    const model = await openModel(exported, 'cpu', (...says) => said.push(inEnglish(says)))
    checkPlanes(await model.decode(latents))
    expect([said, model.tallies.vaeDecoder.runs]).toEqual([[], 1])
    await model.release()
  })

  const task = {
    ...{ jobId: 'job', firstImage: 0, isDraft: false, initImage: null, mask: null },
    device: 'cpu',
    ...{ adapters: [], embeddings: [], vaePath: null, controls: [], hiresUpscaler: null, upscaler: null },
    request: {
      ...generationRequestSchema.parse({ steps: 2, prompt: 'a circle', batchSize: 2 }),
      ...{ seed: 1, width: 64, height: 64 },
    },
  } as const

  it('that overflows costs no picture, and is told of with each', async () => {
    const told: string[] = []
    const warning: Warn = (...says) => void told.push(inEnglish(says))
    const image = ({ index }: EngineImage): void => void told.push(`picture ${index}`)
    const engine = createEngine({ progress() {}, evaluated() {}, preview() {}, warning, image })
    await engine.run({ ...task, modelPath: await overflowing() })
    const said = expect.stringContaining('once more in float32') as string
    // The colours of previews are fitted to decoded latents too, once.
    const changes = told.filter((what, index) => what !== told[index - 1])
    expect(changes).toEqual([said, 'picture 0', said, 'picture 1'])
  }, 60_000)
})

describe('a device that makes no picture', () => {
  it('leaves the decoding to the CPU, in float32, and that is told', async () => {
    const [bad, good] = await Promise.all([readModel(await overflowing()), readModel(exported)])
    const [device, onCpu] = [0, 1].map((): Target => {
      return { device: 'cpu', dialect: cpuDialect, tallies: newTallies() }
    })
    // Its decoder is in half precision alone; the CPU's is not.
    const networks = (target: Target) => {
      if (target === onCpu) return good.networks(target)
      return { ...bad.networks(target), openFloat32VaeDecoder: undefined }
    }
    const said: string[] = []
    const warn: Warn = (...says) => void said.push(inEnglish(says))
    const again = { onCpu, warn }
    const model = liveModel({ ...bad, networks }, device, again)
    checkPlanes(await model.decode(latents))
    expect(said).toEqual([expect.stringMatching(/decoded once more on the CPU, in float32/)])
    expect([device, onCpu].map(({ tallies }) => tallies.vaeDecoder.runs)).toEqual([1, 1])
    await model.release()
  })
})
