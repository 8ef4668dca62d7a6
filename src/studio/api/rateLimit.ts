/** Seconds that a caller has to wait before the next call; 0: it may come, and is counted. */
type RateLimit = (caller: string, callsPerMinute: number | null) => number

/**
 * A bucket of calls for each caller (token bucket): it holds those of a minute and fills evenly, so a burst may come at once
 * and no minute has more than twice as many.
 */
export function createRateLimit(now: () => number = () => performance.now()): RateLimit {
  const buckets = new Map<string, { calls: number; at: number }>()
  return (caller, callsPerMinute) => {
    if (callsPerMinute === null) return 0
    const time = now()
    const perMs = callsPerMinute / 60_000
    const { calls, at } = buckets.get(caller) ?? { calls: callsPerMinute, at: time }
    const left = Math.min(callsPerMinute, calls + (time - at) * perMs)
    buckets.set(caller, { calls: left >= 1 ? left - 1 : left, at: time })
    return left >= 1 ? 0 : Math.max(1, Math.ceil((1 - left) / perMs / 1000))
  }
}
