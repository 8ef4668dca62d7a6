/** Waits for work, but not longer than `ms` milliseconds: then answers `late`, and the work goes on by itself. */
export async function withinTime<Result, Late>(
  work: Promise<Result>,
  ms: number,
  late: Late,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<Late>((done) => {
    timer = setTimeout(() => done(late), ms)
  })
  return Promise.race([work, timeUp]).finally(() => clearTimeout(timer))
}
