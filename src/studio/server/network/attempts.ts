/** Wrong passwords from one address before it has to wait. */
const allowed = 8
/** How long it waits then, in ms. */
const pauseMs = 5 * 60_000
/** Addresses that are remembered; the oldest are forgotten first. */
const mostAddresses = 10_000

export interface Attempts {
  /** Seconds until the address may try again; 0: now. */
  wait(address: string): number
  failed(address: string): void
  succeeded(address: string): void
}

/** Counts wrong passwords, so that nobody tries them all. */
export function countAttempts(now: () => number = Date.now): Attempts {
  const failures = new Map<string, { count: number; at: number }>()
  return {
    wait(address) {
      const { count = 0, at = 0 } = failures.get(address) ?? {}
      return count < allowed ? 0 : Math.max(0, Math.ceil((at + pauseMs - now()) / 1000))
    },
    failed(address) {
      const before = failures.get(address)
      const isLongAgo = before !== undefined && now() - before.at > pauseMs
      failures.delete(address)
      failures.set(address, { count: isLongAgo ? 1 : (before?.count ?? 0) + 1, at: now() })
      if (failures.size > mostAddresses) failures.delete(failures.keys().next().value!)
    },
    succeeded: (address) => void failures.delete(address),
  }
}
