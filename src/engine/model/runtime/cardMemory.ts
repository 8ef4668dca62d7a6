import { findCards, type Card } from './cards.ts'
import { openSessions, type RealDevice } from './session.ts'

/** How much memory the card has that a device computes on, and how much of it this process can have. */

export interface CardMemory {
  name: string | null
  /** What the card can use, in bytes. */
  bytes: number
  /** What is left of that beside other programs. */
  freeBytes: number
  /** It is the system's memory. */
  shared: boolean
  /** A person said so; see `saidSize`. */
  isSaid: boolean
}

/** What a screen and its programs take where nobody tells. */
const othersUsually = 2 ** 29

/** How long what was read is true, in ms. */
const freshFor = 10_000

let seen: { at: number; cards: Promise<Card[]> } | null = null

/**
 * Read while this process has nothing on a card: what programs use of it then is used by others. `sessions` of its own are
 * counted there by drivers.
 */
function cardsWithoutUs(): Promise<Card[]> {
  const now = performance.now()
  const isOld = !seen || (now - seen.at > freshFor && openSessions.onCards === 0)
  if (isOld) seen = { at: now, cards: findCards() }
  return seen!.cards
}

/** null: it cannot be known. */
export async function memoryOf(device: RealDevice): Promise<CardMemory | null> {
  if (device === 'cpu') return null
  const card = cardOf(device, await cardsWithoutUs())
  const said = saidSize()
  if (said !== null) return ofSize(said, card)
  return card && ofSize(card.bytes, card)
}

function ofSize(bytes: number, card: Card | null): CardMemory {
  const shared = card?.shared ?? false
  const used = shared ? 0 : (card?.usedBytes ?? othersUsually)
  const freeBytes = Math.max(0, bytes - used)
  return { name: card?.name ?? null, bytes, freeBytes, shared, isSaid: saidSize() !== null }
}

/**
 * The card that ONNX Runtime takes, as far as that can be known: CUDA the first that it may see, all others the strongest
 * one, which is told by its memory.
 */
export function cardOf(device: RealDevice, cards: readonly Card[]): Card | null {
  if (device === 'cuda') return cards.filter(({ isNvidia }) => isNvidia)[firstOfCuda()] ?? null
  const rank = ({ shared, bytes }: Card): number => (shared ? 0 : bytes)
  const [strongest] = cards.toSorted((one, other) => rank(other) - rank(one))
  return strongest ?? null
}

const firstOfCuda = (): number => Number.parseInt(process.env['CUDA_VISIBLE_DEVICES'] ?? '0', 10) || 0

/** GiB that a person says the card has, in bytes: where what is found is wrong, or nothing is. */
function saidSize(): number | null {
  const gibibytes = Number(process.env[variable] || 0)
  return gibibytes > 0 && gibibytes <= 1024 ? gibibytes * 2 ** 30 : null
}

const variable = 'LATENT_STUDIO_CARD_MEMORY'

/** What of it was not understood; null: nothing. */
export function saidSizeProblem(): string | null {
  const said = process.env[variable]
  if (!said || saidSize() !== null) return null
  return `${variable} is "${said.slice(0, 40)}", which is no number of GiB from 0 to 1024: what was found is used.`
}
