import type { UnetNetwork } from './networks.ts'

/** Evaluations before the widening begins: the first step, with guidance, has all cores for itself. */
const undisturbed = 2

/**
 * A U-Net that answers at once, `first`, until the same one with all weights widened is open, which `open` does beside it.
 * `open` is told whether anybody still waits for it; where it fails, the quick one goes on. `widen` can ask for either:
 * `openQuick` opens the first once more.
 */
export function widenedLater(
  first: UnetNetwork,
  openQuick: () => Promise<UnetNetwork>,
  open: (isWanted: () => boolean) => Promise<UnetNetwork>,
): UnetNetwork & Required<Pick<UnetNetwork, 'widen'>> {
  let quick: UnetNetwork | null = first
  let opened: UnetNetwork | null = null
  let next: UnetNetwork | null = null
  let evaluations = 0
  let isReleased = false
  let opening: Promise<void> | null = null

  const openBeside = async (): Promise<void> => {
    opened = await open(() => !isReleased).catch(() => null)
  }

  async function choose(wanted: boolean | null): Promise<UnetNetwork> {
    if (wanted) await (opening ??= openBeside())
    if (opened && wanted !== false) {
      await quick?.release()
      quick = null
      return opened
    }
    return (quick ??= await openQuick())
  }

  return {
    async run(...inputs) {
      const network = next ?? (await choose(null))
      next = null
      const prediction = await network.run(...inputs)
      if (++evaluations === undisturbed) opening ??= openBeside()
      return prediction
    },
    async widen(wanted) {
      next = await choose(wanted)
      return next === opened
    },
    async release() {
      isReleased = true
      // A thread that opens a network must not be ended.
      await opening
      for (const network of [quick, opened]) await network?.release()
    },
  }
}
