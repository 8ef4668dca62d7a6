/** Days as numbers that can be compared and read: 20260731 is 31 July 2026. */

/** The days that a date names: one, those of a month, or those of a year; null: it is no date. */
export function readDays(text: string): { first: number; last: number } | null {
  const [, year, month, day] = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text) ?? []
  if (!year) return null
  if (!month) return { first: Number(year) * 10_000 + 101, last: Number(year) * 10_000 + 1231 }
  if (+month < 1 || +month > 12) return null
  const firstOfMonth = Number(year) * 10_000 + Number(month) * 100
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  if (!day) return { first: firstOfMonth + 1, last: firstOfMonth + lastDay }
  if (+day < 1 || +day > lastDay) return null
  return { first: firstOfMonth + Number(day), last: firstOfMonth + Number(day) }
}

/** The day of a moment (ms since 1970) in the local time. */
export function dayOf(moment: number): number {
  const date = new Date(moment)
  return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate()
}

/** "2026-07-31" of 20260731, or "2026-07" of 202607. */
export const printDay = (day: number): string =>
  String(day).replace(/^(\d{4})(\d\d)(\d\d)?$/, (_, year: string, month: string, rest?: string) =>
    [year, month, ...(rest ? [rest] : [])].join('-'),
  )
