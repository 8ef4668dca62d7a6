/** One line of a report: what was measured, and the figure. */
export const row = (name: string, figure: string): void => console.log(`  ${name.padEnd(46)} ${figure}`)

/** The middle one of several measurements. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

export const seconds = (ms: number): string =>
  ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`
