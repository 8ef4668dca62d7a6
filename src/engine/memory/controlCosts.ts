import { peakActivations } from '../graph/writing/activations.ts'
import { controlNet } from '../graph/unet/controlNet.ts'
import { t2iAdapter } from '../graph/unet/t2iAdapter.ts'
import type { ControlForm, UnetSize } from '../graph/unet/unet.ts'
import { foldedNumbers, operationsOf } from '../graph/writing/folding.ts'
import type { Dialect } from '../graph/writing/value.ts'
import { graphOver } from '../model/networks/graphOver.ts'
import type { ControlFile } from '../model/sources/controlFile.ts'
import type { Target } from '../model/networks/networks.ts'
import type { ControlCosts, NetworkCosts } from './memoryPlan.ts'

/** What the U-Net gets from networks that steer it; undefined where there are none. */
export function controlForm(files: readonly ControlFile[]): ControlForm | undefined {
  if (files.length === 0) return undefined
  const levels = files.map((file) => (file.kind === 't2i-adapter' ? file.config.levels.length : 0))
  return { residuals: files.some(({ kind }) => kind === 'controlnet'), features: Math.max(...levels) }
}

/** What a network that steers takes, in bytes: its own, and its answers and their sum until the U-Net has read them. */
export function controlCosts(
  file: ControlFile,
  size: UnetSize,
  latentScale: number,
  { dialect }: Pick<Target, 'dialect'>,
): ControlCosts {
  const perNumber = dialect.precision === 'float16' ? 2 : 4
  const costs = (form: Dialect): NetworkCosts => {
    const graph = graphOver(file.tensors, form)
    if (file.kind === 'controlnet') controlNet(graph, file.config, size)
    else {
      const scale = latentScale / file.config.packing
      t2iAdapter(graph, file.config, size.height * scale, size.width * scale)
    }
    const operations = operationsOf(graph.written)
    const answers = operations.filter(({ output }) => /^(residual|feature)\./.test(output))
    const answered = answers.reduce((sum, { elements }) => sum + elements, 0)
    return {
      weights: perNumber * foldedNumbers(graph.written),
      activations: perNumber * (peakActivations(operations) + 2 * answered),
    }
  }
  return { ...costs(dialect), fromFile: costs({ ...dialect, widening: 'in the run' }) }
}
