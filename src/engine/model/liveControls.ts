import { StudioError } from '../../shared/errors.ts'
import type { UnetSize } from '../graph/unet/unet.ts'
import type { Parts } from './builtNetworks.ts'
import { readControlFile } from './controlFile.ts'
import { openControlNetwork, type ControlNetwork } from './controlNetworks.ts'
import type { ControlNet } from './model.ts'
import type { Target } from './networks.ts'
import { Slots } from './slots.ts'

/** The networks that steer a model, opened when first asked for and kept for the next run. */
export interface LiveControls {
  open(paths: readonly string[], size: UnetSize): Promise<ControlNet[]>
  release(): Promise<void>
}

/** `parts` is null for exported networks, which cannot be steered. */
export function liveControls(parts: Parts | null, latentScale: number, target: Target): LiveControls {
  const slots = new Slots<ControlNetwork>()
  return {
    async open(paths, size) {
      await slots.keepOnly(paths.map((_, index) => `${index}`))
      if (paths.length === 0) return []
      if (!parts)
        throw new StudioError(
          'unsupported-model',
          'This model comes as exported ONNX networks, which have no place where a ControlNet could steer them. Take the checkpoint itself.',
        )
      const steered = { unet: parts.unet.config, latentScale, size }
      const { height, width, contextTokens, contextVaries } = size
      const opened: ControlNet[] = []
      for (const [index, path] of paths.entries()) {
        const form = JSON.stringify([path, height, width, contextTokens, contextVaries])
        const open = async () => openControlNetwork(await readControlFile(path), steered, target)
        opened.push(await slots.get(`${index}`, form, open))
      }
      return opened
    },
    release: () => slots.release(),
  }
}
