/** How fast bytes come, over the last seconds. Bytes that were there before do not count. */
export interface Rate {
  reached(bytes: number, now?: number): void
  perSecond(now?: number): number | null
}

const windowMs = 8000
const leastMs = 500

export function openRate(): Rate {
  let seen: { at: number; bytes: number }[] = []
  return {
    reached(bytes, now = performance.now()) {
      const kept = seen.filter(({ at }) => now - at < windowMs)
      // Fewer than last time: a file began again.
      seen = [...(kept.some((earlier) => earlier.bytes > bytes) ? [] : kept), { at: now, bytes }]
    },
    perSecond(now = performance.now()) {
      const [first] = seen
      const last = seen.at(-1)
      if (!first || !last || now - first.at < leastMs) return null
      return ((last.bytes - first.bytes) / (now - first.at)) * 1000
    },
  }
}
