import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { Graph } from '../../src/engine/graph/writing/graph.ts'
import { inferUnetConfig } from '../../src/engine/graph/config/inferConfig.ts'
import { unet } from '../../src/engine/graph/unet/unet.ts'
import { builtNetworks } from '../../src/engine/model/networks/builtNetworks.ts'
import { targetFor } from '../../src/engine/model/runtime/devices.ts'
import type { AddedConditions } from '../../src/engine/model/model.ts'
import type { UnetNetwork } from '../../src/engine/model/networks/networks.ts'
import { readSafetensors } from '../../src/engine/model/files/safetensors.ts'
import { runtimeOptions } from '../../src/engine/model/runtime/session.ts'
import { splitCheckpoint } from '../../src/engine/model/sources/singleFile.ts'
import type { Device } from '../../src/shared/request/request.ts'
import { quickestRun } from './kernels.ts'
import { median } from './report.ts'

/** What the process that loads and runs the U-Net is doing; it tells before each. */
export type Stage = 'loading' | 'loaded' | 'running' | 'released'

/** Times in ms. */
export interface UnetReport {
  device: string
  graphMs: number
  sessionMs: number
  runMs: number
  /** Guidance: two evaluations one after the other, and in one run; null where that was not tried. */
  guidance: { inTurnMs: number; togetherMs: number } | null
  /** One evaluation of a session that records its nodes, and the sum of those. */
  profiledRunMs: number
  nodeMs: number
  /** What a card did meanwhile, by its own clock. */
  kernels: [program: string, us: number][]
}

const [checkpoint, wanted, latents, pooledWidth, ...switches] = process.argv.slice(2)
const side = Number(latents)
const tokens = 77
const target = { ...(await targetFor(wanted as Device)), turbo: switches.includes('turbo') }
const { device, tallies } = target
const dialect = { ...target.dialect, turbo: target.turbo }

const began = performance.now()
const { parts } = splitCheckpoint(await readSafetensors(checkpoint), false)
const tensors = parts.unet
const config = inferUnetConfig(tensors.source, Number(pooledWidth))
const graph = Graph.over(tensors.source, dialect)
unet(graph, config, { height: side, width: side, contextTokens: tokens })
const bytes = graph.encode()
const graphMs = performance.now() - began

await enter('loading')
const networks = builtNetworks({ textEncoders: [], unet: { config, tensors }, vae: null }, target)
const network = await networks.openUnet({ height: side, width: side, contextTokens: tokens })
await enter('loaded')
await enter('running')
const runs: number[] = []
for (let run = 0; run < 5; run++) runs.push(await timedRun(network))
await network.release()
await enter('released')
await setTimeout(200)
const sessionMs = tallies.unet.loadMs
const guidance = device !== 'cpu' || switches.includes('together') ? await compareGuidance() : null
process.send!({ device, graphMs, sessionMs, runMs: median(runs), guidance, ...(await profile()) })

/** Lets the watching process look before the thread is busy again. */
async function enter(stage: Stage): Promise<void> {
  process.send!(stage)
  await setTimeout(100)
}

function noise(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i))
}

function question(): [Float32Array, number, Float32Array, AddedConditions] {
  const added = config.added && {
    pooled: noise(config.added.width - 6 * config.added.idWidth),
    timeIds: noise(6),
  }
  return [noise(config.inChannels * side * side), 500, noise(tokens * config.contextWidth!), added ?? {}]
}

async function timedRun({ run }: UnetNetwork): Promise<number> {
  const asked = question()
  const start = performance.now()
  await run(...asked)
  return performance.now() - start
}

/** Both networks open, and both ways in turn. */
async function compareGuidance(): Promise<NonNullable<UnetReport['guidance']>> {
  const single = await networks.openUnet({ height: side, width: side, contextTokens: tokens })
  const both = await networks.openUnet({ height: side, width: side, contextTokens: tokens, batch: 2 })
  const asked = question()
  const times = { inTurn: [] as number[], together: [] as number[] }
  for (let run = 0; run < 6; run++) {
    const inTurn = (await timedRun(single)) + (await timedRun(single))
    const start = performance.now()
    await both.runBoth!(asked, asked)
    // The first run is not counted.
    if (run > 0) times.together.push(performance.now() - start)
    if (run > 0) times.inTurn.push(inTurn)
  }
  await single.release()
  await both.release()
  return { inTurnMs: median(times.inTurn), togetherMs: median(times.together) }
}

/** Sums the time of every node over one evaluation of the whole graph in one session, after one that warms up. */
async function profile(): Promise<Pick<UnetReport, 'profiledRunMs' | 'nodeMs' | 'kernels'>> {
  const profiles = await mkdtemp(join(tmpdir(), 'latent-studio-profile-'))
  const profiled = await InferenceSession.create(bytes, {
    ...runtimeOptions({ device, folder: tensors.folder, frugal: false, tally: tallies.unet }),
    enableProfiling: true,
    profileFilePrefix: join(profiles, 'run'),
  })
  const inputs = {
    sample: new Tensor(noise(config.inChannels * side * side), [1, config.inChannels, side, side]),
    timestep: new Tensor(noise(config.timestepWidth), [1, config.timestepWidth]),
    context: new Tensor(noise(tokens * config.contextWidth!), [tokens, config.contextWidth!]),
    ...(config.added && { added: new Tensor(noise(config.added.width), [1, config.added.width]) }),
  }
  await profiled.run(inputs)
  const start = performance.now()
  await profiled.run(inputs)
  const profiledRunMs = performance.now() - start
  profiled.endProfiling()
  await profiled.release()
  const [file] = await readdir(profiles)
  const kernels = [...(await quickestRun(join(profiles, file), 2))]
  const events = JSON.parse(await readFile(join(profiles, file), 'utf8')) as {
    cat: string
    name: string
    dur: number
  }[]
  await rm(profiles, { recursive: true })
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
  const second = nodes.slice(nodes.length / 2)
  return { profiledRunMs, nodeMs: second.reduce((sum, { dur }) => sum + dur, 0) / 1000, kernels }
}
