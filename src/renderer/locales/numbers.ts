const known = new Map<string, Intl.NumberFormat>()

/** A number as a language writes it. A format takes long to make, so each is made once. */
export function writeNumber(language: string, value: number, style: Intl.NumberFormatOptions): string {
  const key = language + JSON.stringify(style)
  const format = known.get(key) ?? new Intl.NumberFormat(language, style)
  known.set(key, format)
  return format.format(value)
}

/** As it is but for its mark: no thousands are set apart, for it may be a seed, and nothing is rounded. */
export const writePlain = (language: string, value: number): string =>
  writeNumber(language, value, { useGrouping: false, maximumFractionDigits: 20, signDisplay: 'negative' })
