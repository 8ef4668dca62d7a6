import { readFileSync } from 'node:fs'
import type { MemoryEstimate, SizedTask } from '../../shared/engineContract.ts'
import { targetFor } from '../model/devices.ts'
import type { Target } from '../model/networks.ts'
import { readModel } from '../model/openModel.ts'
import { planMemory, requireMemory, type MemoryPlan, type RunCosts } from './memoryPlan.ts'
import { runCosts } from './runCosts.ts'

/** What a run would take, from headers alone; null where the model comes as ONNX graphs, which do not tell. */
export async function estimateRun(task: SizedTask): Promise<MemoryEstimate | null> {
  const target = await targetFor(task.device)
  const costs = await costsOf(task, target)
  if (!costs) return null
  const availableBytes = target.device === 'cpu' ? available() : null
  const { peakBytes } = planMemory(costs, availableBytes ?? Infinity)
  return { peakBytes, availableBytes }
}

/**
 * How a run is to use memory. Throws `out-of-memory` for one that cannot fit. Of the memory of graphics cards nothing
 * is known here, nor of models that come as ONNX graphs: they run as usual.
 */
export async function planRun(task: SizedTask): Promise<MemoryPlan> {
  // What is wrong with a file is told by the run, which may do without the broken part.
  const known = task.device === 'cpu' ? costsOf(task, await targetFor('cpu')).catch(() => null) : null
  const costs = await known
  if (!costs) return { peakBytes: 0, unetMakesRoom: false, widening: 'at opening' }
  const free = available()
  const plan = planMemory(costs, free)
  requireMemory(plan, free)
  return plan
}

async function costsOf(task: SizedTask, target: Target): Promise<RunCosts | null> {
  const { facts, parts } = await readModel(task.modelPath)
  return parts && runCosts({ facts, parts }, task, target)
}

/** What the system (or the control group it put this process into) can give, and what this process has already. */
const available = (): number => process.availableMemory() + ownBytes()

/** Without files that are mapped, which the system takes back when it needs room. */
function ownBytes(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss()
  const [, kibibytes] = /RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return 1024 * Number(kibibytes ?? 0)
}
