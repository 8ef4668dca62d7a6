/** Calls at once, and then at most once in `ms` milliseconds, the last time included. */
export function throttled(call: () => void, ms: number): () => void {
  let last = -Infinity
  let timer: NodeJS.Timeout | undefined
  const now = (): void => {
    timer = undefined
    last = performance.now()
    call()
  }
  return () => {
    if (timer) return
    const wait = last + ms - performance.now()
    if (wait <= 0) now()
    else timer = setTimeout(now, wait).unref()
  }
}
