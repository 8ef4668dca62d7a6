import { StudioError } from '../../shared/errors.ts'
import type { UnetSize } from '../graph/unet/unet.ts'
import type { Dialect } from '../graph/writing/value.ts'
import type { Parts } from './networks/builtNetworks.ts'
import { readControlFile } from './sources/controlFile.ts'
import { openControlNetwork, type ControlNetwork } from './networks/controlNetworks.ts'
import type { ControlNet } from './model.ts'
import type { Target, Widening } from './networks/networks.ts'
import { Slots } from './runtime/slots.ts'

/** The networks that steer a model, opened when first asked for and kept for the next run. */
export interface LiveControls {
  /** Where the weights of the U-Net stay in their file, so do theirs. */
  open(paths: readonly string[], size: UnetSize, widening?: Widening): Promise<ControlNet[]>
  release(): Promise<void>
}

/** `parts` is null for networks that cannot be steered. */
export function liveControls(parts: Parts | null, latentScale: number, target: Target): LiveControls {
  const slots = new Slots<ControlNetwork>()
  return {
    async open(paths, size, widening = 'at opening') {
      await slots.keepOnly(paths.map((_, index) => `${index}`))
      if (paths.length === 0) return []
      if (!parts)
        throw new StudioError(
          'unsupported-model',
          'This model has no place where a ControlNet could steer it: it comes as exported ONNX networks, or draws with a transformer. Leave the ControlNet out.',
        )
      const steered = { unet: parts.unet.config, latentScale, size }
      const { height, width, contextTokens, contextVaries } = size
      const inFile = widening === 'in the run'
      const dialect: Dialect = inFile ? { ...target.dialect, widening } : target.dialect
      const opened: ControlNet[] = []
      for (const [index, path] of paths.entries()) {
        const form = JSON.stringify([path, height, width, contextTokens, contextVaries, inFile])
        const open = async () =>
          openControlNetwork(await readControlFile(path), steered, { ...target, dialect })
        opened.push(await slots.get(`${index}`, form, open))
      }
      return opened
    },
    release: () => slots.release(),
  }
}
