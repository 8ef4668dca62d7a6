import type { MemoryEstimate } from '../../shared/engineContract.ts'
import type { Device } from '../../shared/request.ts'
import { targetFor } from '../model/devices.ts'
import { readModel } from '../model/openModel.ts'
import { planMemory, requireMemory, type MemoryPlan, type RunCosts } from './memoryPlan.ts'
import { runCosts, type SizedRequest } from './runCosts.ts'

/** What a run would take, from headers alone; null where the model comes as ONNX graphs, which do not tell. */
export async function estimateRun(
  path: string,
  request: SizedRequest,
  device: Device,
): Promise<MemoryEstimate | null> {
  const target = await targetFor(device)
  const costs = await costsOf(path, request, target)
  if (!costs) return null
  const availableBytes = target.device === 'cpu' ? available() : null
  const { peakBytes } = planMemory(costs, availableBytes ?? Infinity)
  return { peakBytes, availableBytes }
}

/**
 * How a run is to use memory. Throws `out-of-memory` for one that cannot fit. Of the memory of graphics cards nothing
 * is known here, nor of models that come as ONNX graphs: they run as usual.
 */
export async function planRun(path: string, request: SizedRequest, device: Device): Promise<MemoryPlan> {
  // What is wrong with a model is told by the run, which may do without the broken part.
  const known = device === 'cpu' ? costsOf(path, request, await targetFor(device)).catch(() => null) : null
  const costs = await known
  if (!costs) return { peakBytes: 0, unetMakesRoom: false }
  const free = available()
  const plan = planMemory(costs, free)
  requireMemory(plan, free)
  return plan
}

async function costsOf(
  path: string,
  request: SizedRequest,
  target: Awaited<ReturnType<typeof targetFor>>,
): Promise<RunCosts | null> {
  const { facts, parts } = await readModel(path)
  return parts && runCosts({ facts, parts }, request, target)
}

/** What the system (or the control group it put this process into) can give, and what this process has already. */
const available = (): number => process.availableMemory() + process.memoryUsage.rss()
