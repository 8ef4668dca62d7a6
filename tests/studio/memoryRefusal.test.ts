import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import type { EngineCalls, EngineEvents, EngineTask } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { connect } from '../../src/shared/calls/rpc.ts'
import { childChannel } from '../../src/studio/engine/childChannel.ts'
import { builtInModelsFolder, defaultEnginePath, findNodeBinary } from '../../src/studio/paths.ts'

const task: EngineTask = {
  jobId: 'small computer',
  modelPath: `${builtInModelsFolder}/starter`,
  device: 'cpu',
  request: {
    ...generationRequestSchema.parse({ prompt: 'a red fox', steps: 1, guidanceScale: 1 }),
    ...{ seed: 1, width: 64, height: 64 },
  },
  ...{ firstImage: 0, initImage: null, mask: null, isDraft: false },
  ...{ controls: [], adapters: [], embeddings: [], vaePath: null, hiresUpscaler: null, upscaler: null },
}

/** An engine of a computer that has so much memory left, and the pictures it makes. */
function engineOn(availableBytes: number) {
  const program = `process.availableMemory = () => ${availableBytes}`
  const child = spawn(
    findNodeBinary(),
    ['--import', `data:text/javascript,${encodeURIComponent(program)}`, defaultEnginePath],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  let images = 0
  const events: EngineEvents = {
    progress() {},
    evaluated() {},
    preview() {},
    warning() {},
    image: () => void images++,
  }
  return { calls: connect<EngineCalls>(childChannel(child), events), made: () => images }
}

it('a run that does not fit into memory is refused before it begins, and one that fits runs', async () => {
  const small = engineOn(10 * 2 ** 20)
  await expect(small.calls.run(task)).rejects.toMatchObject({
    code: 'out-of-memory',
    message: expect.stringMatching(/needs about \d\.\d GB of memory, and \d\.\d GB are free/),
  })
  const { peakBytes, availableBytes } = (await small.calls.estimate(task))!
  expect(peakBytes).toBeGreaterThan(availableBytes!)
  expect(small.made()).toBe(0)
  // So is one whose model is drawn by a transformer.
  const transformer = { ...task, modelPath: fileURLToPath(new URL('../golden/dit/zimage', import.meta.url)) }
  await expect(small.calls.run(transformer)).rejects.toMatchObject({
    code: 'out-of-memory',
    message: expect.stringMatching(/needs about \d\.\d GB of memory, and \d\.\d GB are free/),
  })

  const larger = engineOn(2 * peakBytes)
  await larger.calls.run(task)
  expect(larger.made()).toBe(1)
}, 300_000)
