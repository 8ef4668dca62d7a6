import { readFileSync } from 'node:fs'
import type { MemoryEstimate, SizedTask } from '../../shared/engineContract.ts'
import type { UnetLook } from '../graph/unet/look.ts'
import { targetFor } from '../model/runtime/devices.ts'
import type { Target } from '../model/networks/networks.ts'
import { ditCosts } from './ditCosts.ts'
import { stampOf } from '../model/files/fileStamps.ts'
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
 * is known here, nor of models that come as ONNX graphs: they run as usual. `look`: what is seen of its U-Net.
 */
export async function planRun(task: SizedTask, look?: UnetLook): Promise<MemoryPlan> {
  // What is wrong with a file is told by the run, which may do without the broken part.
  const known = task.device === 'cpu' ? costsOf(task, await targetFor('cpu'), look).catch(() => null) : null
  const costs = await known
  if (!costs) return { peakBytes: 0, unetMakesRoom: false, widening: 'at opening' }
  const free = available()
  const plan = planMemory(costs, free)
  requireMemory(plan, free)
  return plan
}

/** While a person types, one draft after the other asks for the same, and every answer writes all graphs. */
let last: { asked: string; costs: RunCosts | null } | null = null

async function costsOf(task: SizedTask, target: Target, look?: UnetLook): Promise<RunCosts | null> {
  const asked = look ? null : await withoutWords(task, target)
  if (asked !== null && last?.asked === asked) return last.costs
  const { facts, parts, dit, wearable } = await readModel(task.modelPath)
  const costs = parts
    ? await runCosts({ facts, parts }, task, target, look)
    : dit && wearable
      ? await ditCosts({ facts, parts: dit, wearable }, task, target)
      : null
  if (asked !== null) last = { asked, costs }
  return costs
}

/** Everything that costs follow from, the files of the model among it; null where other files are used as well. */
async function withoutWords({ request, ...task }: SizedTask, { device }: Target): Promise<string | null> {
  const { adapters, controls, vaePath, hiresUpscaler, upscaler, modelPath } = task
  if (adapters.length + controls.length > 0 || vaePath || hiresUpscaler || upscaler) return null
  const wordless = { ...request, prompt: '', negativePrompt: '', seed: 0 }
  return JSON.stringify([await stampOf(modelPath), device, wordless])
}

/** What the system (or the control group it put this process into) can give, and what this process has already. */
const available = (): number => process.availableMemory() + ownBytes()

/** Without files that are mapped, which the system takes back when it needs room. */
function ownBytes(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss()
  const [, kibibytes] = /RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return 1024 * Number(kibibytes ?? 0)
}
