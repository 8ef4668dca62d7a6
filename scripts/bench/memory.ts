import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { EngineCalls, EngineEvents } from '../../src/shared/engine/engineContract.ts'
import { inEnglish } from '../../src/shared/notices.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../src/shared/request/request.ts'
import { connect } from '../../src/shared/calls/rpc.ts'
import { childChannel } from '../../src/studio/engine/childChannel.ts'
import { engineEnvironment } from '../../src/studio/engine/engineProcess.ts'
import { writeRandomCheckpoint } from './randomCheckpoint.ts'
import { seconds } from './report.ts'

/**
 * What runs were estimated to take at their worst moment, and what the engine's process took, without files that are
 * mapped into it (as often as it was looked at, Linux alone), each in a process of its own, with two steps. `--family starter`, `sd15` or `sdxl` (full size, random weights), `--sizes
 * 512,768x1024`.
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: {
    family: { type: 'string', default: 'starter' },
    sizes: { type: 'string', default: '256,512,768,1024,1536,2048' },
    checkpoint: { type: 'string' },
  },
})
const engine = fileURLToPath(new URL('../../src/engine/main.ts', import.meta.url))
const starter = fileURLToPath(new URL('../../resources/models/starter', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))

interface Measured {
  estimate: number
  peak: number
  tookMs: number
}

try {
  const model = await modelOf(chosen.family)
  console.log(`${chosen.family}, cpu, 2 steps; estimated and measured peak of the engine's process`)
  console.log('  size         estimated   measured   ratio   time')
  for (const size of chosen.sizes.split(',')) {
    const [width, height = width] = size.split('x').map(Number)
    const { estimate, peak, tookMs } = await measure(model, width, height)
    const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`.padStart(10)
    const figures = `${gibibytes(estimate)} ${gibibytes(peak)}   ${(estimate / peak).toFixed(2)}`
    console.log(`  ${`${width}×${height}`.padEnd(11)} ${figures}    ${seconds(tookMs)}`)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function modelOf(family: string): Promise<string> {
  if (family === 'starter') return starter
  const path = chosen.checkpoint ?? join(folder, 'random.safetensors')
  const keys = family === 'sdxl' ? 'sdxl_base.json' : 'sd15.json'
  if (!existsSync(path)) await writeRandomCheckpoint(path, keys)
  return path
}

async function measure(modelPath: string, width: number, height: number): Promise<Measured> {
  const child = spawn(process.execPath, [engine], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: engineEnvironment(),
  })
  let images = 0
  const events: EngineEvents = {
    progress() {},
    evaluated() {},
    preview() {},
    warning: (...says) => console.log(`  ${inEnglish(says)}`),
    image: () => void images++,
  }
  const calls = connect<EngineCalls>(childChannel(child), events)
  let peak = 0
  const looking = setInterval(() => (peak = Math.max(peak, ownBytes(child.pid!))), 20)
  const request: ResolvedRequest = {
    ...generationRequestSchema.parse({ prompt: 'a red fox', steps: 2 }),
    ...{ seed: 1, width, height },
  }
  try {
    const task = { jobId: 'bench', modelPath, device: 'cpu' as const, request, isDraft: false, firstImage: 0 }
    const plain = { initImage: null, mask: null, controls: [], adapters: [], embeddings: [], vaePath: null }
    const whole = { ...task, ...plain, hiresUpscaler: null, upscaler: null }
    const estimate = await calls.estimate(whole)
    const began = performance.now()
    await calls.run(whole)
    if (images !== 1) throw new Error('no picture came')
    return { estimate: estimate!.peakBytes, peak, tookMs: performance.now() - began }
  } finally {
    clearInterval(looking)
    child.kill('SIGKILL')
  }
}

function ownBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0)
}
