import { readFileSync } from 'node:fs'
import { inferUnetConfig } from '../../src/engine/graph/config/inferConfig.ts'
import { builtNetworks } from '../../src/engine/model/networks/builtNetworks.ts'
import { cpuDialect, type UnetNetwork, type Widening } from '../../src/engine/model/networks/networks.ts'
import { readSafetensors } from '../../src/engine/model/files/safetensors.ts'
import { splitCheckpoint } from '../../src/engine/model/sources/singleFile.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'

/** Times in ms: on the clock, and of all cores together. A step is two evaluations, as guidance takes them. */
export interface OpeningReport {
  openMs: number
  openCpuMs: number
  /** From the start to the end of the first step. */
  firstStepMs: number
  /** From the start until weights are widened no more: with the first step, or beside later ones. */
  widenedMs: number
  /** The faster of two evaluations after it; of a network that is widened beside the run, once it is. */
  runMs: number
  runCpuMs: number
  /** Of the process's own memory, without files that are mapped into it. */
  peakBytes: number
}

const [checkpoint, widening, sideText] = process.argv.slice(2) as [string, Widening, string]
const side = Number(sideText)
const tokens = 77
const target = { device: 'cpu', dialect: cpuDialect, tallies: newTallies() } as const

let peakBytes = 0
const looking = setInterval(look, 100)
const cpuMs = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000
const began = performance.now()
const { parts } = splitCheckpoint(await readSafetensors(checkpoint), false)
const unet = { config: inferUnetConfig(parts.unet.source, 1280), tensors: parts.unet }
const { openUnet } = builtNetworks({ textEncoders: [], unet, vae: null }, target)
const network = await openUnet({ height: side, width: side, contextTokens: tokens }, { widening })
const [openMs, openCpuMs] = [performance.now() - began, cpuMs()]
look()
const fromFile = await evaluate(network)
await evaluate(network)
const firstStepMs = performance.now() - began
if (widening === 'beside the run') await untilWidened()
const widenedMs = performance.now() - began
const [first, second] = [await timed(), await timed()]
const faster = first.ms < second.ms ? first : second
look()
clearInterval(looking)
const report: OpeningReport = {
  ...{ openMs, openCpuMs, firstStepMs, widenedMs, peakBytes },
  ...{ runMs: faster.ms, runCpuMs: faster.cpuMs },
}
process.send!(report)
await network.release()
process.disconnect()

function look(): void {
  const status = readFileSync('/proc/self/status', 'utf8')
  peakBytes = Math.max(peakBytes, 1024 * Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]))
}

function evaluate({ run }: UnetNetwork): Promise<Float32Array> {
  const noise = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i))
  const { contextWidth, added } = unet.config
  const pooled = added ? { pooled: noise(1280), timeIds: new Float32Array(6).fill(64) } : {}
  return run(noise(4 * side * side), 500, noise(tokens * contextWidth!), pooled)
}

/** Then sums are made in another order, and their last digits differ. */
async function untilWidened(): Promise<void> {
  for (;;) {
    const prediction = await evaluate(network)
    if (prediction.some((value, i) => value !== fromFile[i])) return
  }
}

async function timed(): Promise<{ ms: number; cpuMs: number }> {
  const [start, cpuStart] = [performance.now(), cpuMs()]
  await evaluate(network)
  return { ms: performance.now() - start, cpuMs: cpuMs() - cpuStart }
}
