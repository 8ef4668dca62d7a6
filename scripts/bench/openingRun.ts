import { readFileSync } from 'node:fs'
import { inferUnetConfig } from '../../src/engine/graph/inferConfig.ts'
import { builtNetworks } from '../../src/engine/model/builtNetworks.ts'
import { cpuDialect } from '../../src/engine/model/networks.ts'
import { readSafetensors } from '../../src/engine/model/safetensors.ts'
import { splitCheckpoint } from '../../src/engine/model/singleFile.ts'
import { newTallies } from '../../src/engine/model/tallies.ts'

/** Times in ms; of the evaluations the faster of two. */
export interface OpeningReport {
  openMs: number
  runMs: number
  /** Of the process's own memory, without files that are mapped into it. */
  peakBytes: number
}

const [checkpoint] = process.argv.slice(2)
const side = 64
const tokens = 77
const target = { device: 'cpu', dialect: cpuDialect, tallies: newTallies() } as const

let peakBytes = 0
const began = performance.now()
const { parts } = splitCheckpoint(await readSafetensors(checkpoint), false)
const unet = { config: inferUnetConfig(parts.unet.source, 0), tensors: parts.unet }
const network = await builtNetworks({ textEncoders: [], unet, vae: null }, target).openUnet(
  side,
  side,
  tokens,
)
const openMs = performance.now() - began
look()
const runMs = Math.min(await timedRun(), await timedRun())
look()
process.send!({ openMs, runMs, peakBytes } satisfies OpeningReport)
await network.release()
process.disconnect()

function look(): void {
  const status = readFileSync('/proc/self/status', 'utf8')
  const bytes = (name: string): number => 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1])
  peakBytes = Math.max(peakBytes, bytes('VmHWM') - bytes('RssFile'))
}

async function timedRun(): Promise<number> {
  const noise = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i))
  const start = performance.now()
  await network.run(noise(4 * side * side), 500, noise(tokens * 768), {})
  return performance.now() - start
}
