import { readFileSync } from 'node:fs'
import type { MemoryEstimate, SizedTask } from '../../shared/engine/engineContract.ts'
import type { UnetLook } from '../graph/unet/look.ts'
import { memoryOf } from '../model/runtime/cardMemory.ts'
import { targetFor } from '../model/runtime/devices.ts'
import type { Target } from '../model/networks/networks.ts'
import { freeOn, planCard, planOnCard } from './cardPlan.ts'
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
  if (target.device === 'cpu') {
    const availableBytes = available()
    return { peakBytes: planMemory(costs, availableBytes).peakBytes, availableBytes }
  }
  const card = await memoryOf(target.device)
  const availableBytes = card && freeOn(card, costs, available())
  return { peakBytes: planCard(costs, availableBytes ?? Infinity).peakBytes, availableBytes }
}

/**
 * How a run is to use memory. Throws `card-too-small` or `out-of-memory` for one that cannot fit. Models that come as ONNX
 * graphs run as usual, and so does what runs on a card of which nothing is known. `look`: what is seen of its U-Net.
 */
export async function planRun(task: SizedTask, look?: UnetLook): Promise<MemoryPlan> {
  const target = await targetFor(task.device)
  // What is wrong with a file is told by the run, which may do without the broken part.
  const costs = await costsOf(task, target, look).catch(() => null)
  if (!costs) return { peakBytes: 0, unetMakesRoom: false, widening: 'at opening' }
  const free = available()
  if (target.device !== 'cpu') return planOnCard(costs, await memoryOf(target.device), { ...target, free })
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
