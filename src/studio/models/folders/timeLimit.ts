/** In how many parts a wait is measured. */
const parts = 20

/**
 * Waits for work, but not longer than `ms` milliseconds: then answers `late`, and the work goes on by itself. Time in
 * which this process was not run (the machine slept, others had the processor) counts as one part of twenty at most:
 * it could not have heard an answer.
 */
export async function withinTime<Result, Late>(
  work: Promise<Result>,
  ms: number,
  late: Late,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<Late>((done) => {
    let left = parts
    timer = setInterval(() => --left === 0 && done(late), ms / parts)
  })
  return Promise.race([work, timeUp]).finally(() => clearInterval(timer))
}
