import { StudioError } from '../../shared/errors.ts'
import type { CardMemory } from '../model/runtime/cardMemory.ts'
import type { RealDevice } from '../model/runtime/session.ts'
import {
  firstThatFits,
  gigabytes,
  measured,
  passPeak,
  requireMemory,
  type Arrangement,
  type MemoryPlan,
  type RunCosts,
} from './memoryPlan.ts'

/**
 * How a run is arranged on a graphics card, everything in bytes. Its memory holds the networks one above the other as the
 * system's does, but no text encoder and no picture; and what runs there beside it is the card's own:
 * - `context`: what the driver and ONNX Runtime take for themselves.
 * - `staging`: weights are made ready in the system's memory, all of a network's at once.
 */
const onCard = { context: 300 * 2 ** 20, opening: 0, staging: 1 } as const

/** The least that is given up for the run to fit into `available`; all that can be where it fits in no way. */
export function planCard({ passes }: RunCosts, available: number): MemoryPlan {
  const together = passes.every(({ unet }) => unet.together)
  const arrangements = [
    ...(together ? [{ unetMakesRoom: false, picturesInBands: false, together }] : []),
    { unetMakesRoom: false, picturesInBands: false },
    { unetMakesRoom: true, picturesInBands: false },
    { unetMakesRoom: true, picturesInBands: true },
  ].map((how) => ({ ...how, widening: 'at opening' as const }))
  const peak = (how: Arrangement): number =>
    onCard.context + Math.max(...passes.map((pass) => passPeak({ ...pass, pictures: 0 }, how, onCard)))
  return firstThatFits(arrangements, peak, available)
}

/** What such a run takes of the system's memory. */
function besideCard({ text, textAtWork, passes }: RunCosts): number {
  const { process, opening } = measured
  const encodingText = Math.max((1 + opening) * text, text + textAtWork)
  const ready = Math.max(...passes.map(({ unet, decoder }) => Math.max(unet.weights, decoder.weights)))
  const pictures = Math.max(...passes.map((pass) => pass.pictures))
  return process + pictures + Math.max(encodingText, onCard.staging * ready)
}

/** What a run can have of a card. One without memory of its own shares the `available` of the system with the rest of the run. */
export const freeOn = ({ shared, freeBytes }: CardMemory, costs: RunCosts, available: number): number =>
  shared ? Math.max(0, Math.min(freeBytes, available - besideCard(costs))) : freeBytes

/**
 * The plan of a run on a card; where nothing is known of that, it runs as usual. Throws `card-too-small`, and `out-of-memory`
 * where the system has too little for its part.
 */
export function planOnCard(
  costs: RunCosts,
  card: CardMemory | null,
  { device, free }: { device: RealDevice; free: number },
): MemoryPlan {
  const onIt = card ? freeOn(card, costs, free) : Infinity
  const plan = planCard(costs, onIt)
  if (card && plan.peakBytes > onIt) throw tooSmall(plan, card, { device, free: onIt })
  requireMemory({ peakBytes: besideCard(costs) }, free)
  return plan
}

function tooSmall(
  { peakBytes }: MemoryPlan,
  { name, bytes, isSaid }: CardMemory,
  { device, free }: { device: RealDevice; free: number },
): StudioError {
  const size = `${gigabytes(bytes)}${isSaid ? ', as the settings say' : ''}`
  return new StudioError(
    'card-too-small',
    `This run needs about ${gigabytes(peakBytes)} of memory on ${device}, and ${gigabytes(free)} are free there (${name ?? 'graphics card'}, ${size}). Make the picture smaller, take a smaller model or one in fewer bits (GGUF as Q8_0 or Q4_0), or choose CPU as the device. If the card has more memory than that, the settings can say so.`,
  )
}
