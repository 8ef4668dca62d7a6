import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { Graph } from '../../src/engine/graph/graph.ts'
import { inferUnetConfig } from '../../src/engine/graph/inferConfig.ts'
import { unet } from '../../src/engine/graph/unet.ts'
import { targetFor } from '../../src/engine/model/devices.ts'
import { readSafetensors } from '../../src/engine/model/safetensors.ts'
import { runtimeOptions } from '../../src/engine/model/session.ts'
import { splitCheckpoint } from '../../src/engine/model/singleFile.ts'
import type { Device } from '../../src/shared/request.ts'
import { median } from './report.ts'

/** What the process that loads and runs the U-Net is doing; it tells before each. */
export type Stage = 'loading' | 'loaded' | 'running' | 'released'

/** Times in ms. */
export interface UnetReport {
  device: string
  graphMs: number
  sessionMs: number
  runMs: number
  /** One evaluation of a session that records its nodes, and the sum of those. */
  profiledRunMs: number
  nodeMs: number
}

const [checkpoint, wanted] = process.argv.slice(2) as [string, Device]
const side = 64
const tokens = 77
const { device, dialect, tallies } = await targetFor(wanted)

const began = performance.now()
const { parts } = splitCheckpoint(await readSafetensors(checkpoint), false)
const { source, folder } = parts.unet
const config = inferUnetConfig(source, 0)
const graph = Graph.over(source, dialect)
unet(graph, config, side, side, tokens)
const bytes = graph.encode()
const graphMs = performance.now() - began

const options = runtimeOptions({ device, folder, frugal: false, tally: tallies.unet })
const inputs = {
  sample: noise([1, config.inChannels, side, side]),
  timestep: noise([1, config.timestepWidth]),
  context: noise([tokens, config.contextWidth!]),
}

await enter('loading')
const loading = performance.now()
const session = await InferenceSession.create(bytes, options)
const sessionMs = performance.now() - loading
await enter('loaded')
await enter('running')
const runs = [await timedRun(session), await timedRun(session), await timedRun(session)]
await session.release()
await enter('released')
await setTimeout(200)
process.send!({ device, graphMs, sessionMs, runMs: median(runs), ...(await profile()) })

/** Lets the watching process look before the thread is busy again. */
async function enter(stage: Stage): Promise<void> {
  process.send!(stage)
  await setTimeout(100)
}

function noise(shape: number[]): Tensor {
  const data = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) =>
    Math.sin(i),
  )
  return new Tensor('float32', data, shape)
}

async function timedRun(session: InferenceSession): Promise<number> {
  const start = performance.now()
  await session.run(inputs)
  return performance.now() - start
}

/** Sums the time of every node over one evaluation, after one that warms up. */
async function profile(): Promise<Pick<UnetReport, 'profiledRunMs' | 'nodeMs'>> {
  const profiles = await mkdtemp(join(tmpdir(), 'latent-studio-profile-'))
  const profiled = await InferenceSession.create(bytes, {
    ...options,
    enableProfiling: true,
    profileFilePrefix: join(profiles, 'run'),
  })
  const runMs = [await timedRun(profiled), await timedRun(profiled)]
  profiled.endProfiling()
  await profiled.release()
  const [file] = await readdir(profiles)
  const events = JSON.parse(await readFile(join(profiles, file), 'utf8')) as {
    cat: string
    name: string
    dur: number
  }[]
  await rm(profiles, { recursive: true })
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
  const second = nodes.slice(nodes.length / 2)
  return { profiledRunMs: runMs[1], nodeMs: second.reduce((sum, { dur }) => sum + dur, 0) / 1000 }
}
