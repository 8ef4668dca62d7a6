/** Processor time of this thread, in ms: unlike the clock it does not run while other processes work. */
export function startCpuTime(): () => number {
  const before = process.threadCpuUsage()
  return () => {
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }
}

/**
 * The least processor time of a few runs, in ms; it ends with the first below `limit`. What else the machine does, and a
 * collection of garbage that falls into one of them, is no fault of the work.
 */
export function leastCpuTime(limit: number, work: () => void): number {
  let least = Infinity
  for (let run = 0; run < 8 && least >= limit; run++) {
    const cpuTime = startCpuTime()
    work()
    least = Math.min(least, cpuTime())
  }
  return least
}
