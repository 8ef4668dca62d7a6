/** Previews are drawn at most this often, in ms: a window shows no more of them. */
const interval = 200

/** At most this part of the running time goes into drawing them. */
const share = 0.05

/** When the next preview may be drawn. */
export interface Pace {
  /** A new picture begins: its first preview waits only for what drawing one is known to take. */
  begin(): void
  isDue(): boolean
  /** Draws one, and takes its time. */
  measure<Drawn>(draw: () => Promise<Drawn>): Promise<Drawn>
}

/** Spaces previews by what the last one took; the very first is drawn at once. `now` in ms. */
export function createPace(now: () => number = () => performance.now()): Pace {
  let since = -Infinity
  let took = 0
  let wait = 0
  return {
    begin() {
      since = now()
      wait = took / share
    },
    isDue: () => now() - since >= wait,
    async measure(draw) {
      since = now()
      const drawn = await draw()
      took = now() - since
      wait = Math.max(interval, took / share)
      return drawn
    },
  }
}
