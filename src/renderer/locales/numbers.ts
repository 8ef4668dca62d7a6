const known = new Map<string, Intl.NumberFormat>()

/** A number as a language writes it. A format takes long to make, so each is made once. */
export function writeNumber(language: string, value: number, style: Intl.NumberFormatOptions): string {
  const key = language + JSON.stringify(style)
  const format = known.get(key) ?? new Intl.NumberFormat(language, style)
  known.set(key, format)
  return format.format(value)
}
