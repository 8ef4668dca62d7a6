import type { UnetNetwork } from './networks.ts'

/** Evaluations before the widening begins: the first step, with guidance, has all cores for itself. */
const undisturbed = 2

/**
 * A U-Net that answers at once, `quick`, until the same one with all weights widened is open, which `open` does beside
 * it. `open` is told whether anybody still waits for it. Where it fails, the quick one goes on.
 */
export function widenedLater(
  quick: UnetNetwork,
  open: (isWanted: () => boolean) => Promise<UnetNetwork>,
): UnetNetwork {
  let network = quick
  let evaluations = 0
  let isReleased = false
  let opening: Promise<void> | null = null
  let opened: UnetNetwork | null = null

  const openBeside = async (): Promise<void> => {
    opened = await open(() => !isReleased).catch(() => null)
  }

  return {
    async run(...inputs) {
      if (opened && network === quick) {
        network = opened
        await quick.release()
      }
      const prediction = await network.run(...inputs)
      if (++evaluations === undisturbed) opening = openBeside()
      return prediction
    },
    async release() {
      isReleased = true
      // A thread that opens a network must not be ended.
      await opening
      for (const one of new Set([network, opened])) await one?.release()
    },
  }
}
