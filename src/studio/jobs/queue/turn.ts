/** Waits until no other library's job runs; answers what ends the turn. */
export type Turn = () => Promise<() => void>

/** For a library that has the machine to itself. */
export const alwaysMyTurn: Turn = async () => () => {}

/**
 * Turns for several libraries on one machine: one job at a time, first come, first served. A library asks for one turn at a
 * time, so those with much to do alternate with the others.
 */
export function takeTurns(): Turn {
  let last: Promise<void> = Promise.resolve()
  return async () => {
    const before = last
    const { promise, resolve } = Promise.withResolvers<void>()
    last = promise
    await before
    return resolve
  }
}
