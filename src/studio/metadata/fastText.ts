import type { Fast } from '../../shared/request/fast.ts'

/** How fewer evaluations stand in an infotext: "forecast 0.2; agreement 0.9999; guidance 0.3 to 20", what is off left out. */
export function printFast({ forecast, agreement, guidanceInterval }: Fast): string {
  const parts = [
    forecast === null ? [] : [`forecast ${forecast}`],
    agreement === null ? [] : [`agreement ${agreement}`],
    guidanceInterval === null
      ? []
      : [`guidance ${guidanceInterval.min} to ${guidanceInterval.max ?? 'the start'}`],
  ]
  return parts.flat().join('; ') || 'nothing'
}

/** What `printFast` wrote; null for any other text. */
export function readFast(text: string): Fast | null {
  const fast: Fast = { forecast: null, agreement: null, guidanceInterval: null }
  for (const part of text === 'nothing' ? [] : text.split('; ')) {
    const [, key, first, , second] = /^(\w+) ([\d.]+)( to (the start|[\d.]+))?$/.exec(part) ?? []
    if (key === 'forecast' || key === 'agreement') fast[key] = Number(first)
    else if (key === 'guidance' && second !== undefined)
      fast.guidanceInterval = { min: Number(first), max: second === 'the start' ? null : Number(second) }
    else return null
  }
  return fast
}
