/** A named column of numbers, or of names. */
export interface Column {
  name: string
  values: ArrayLike<number | string>
}

/** Columns as comma-separated values (RFC 4180), a header first; shorter columns end in empty fields. */
export function toCsv(columns: readonly Column[]): string {
  const rows = Math.max(0, ...columns.map(({ values }) => values.length))
  const quoted = (name: string): string => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)
  const lines = [columns.map(({ name }) => quoted(name)).join(',')]
  for (let row = 0; row < rows; row++)
    lines.push(
      columns.map(({ values }) => (row < values.length ? quoted(String(values[row])) : '')).join(','),
    )
  return lines.join('\n')
}
