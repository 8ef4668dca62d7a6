/** A moment (ms since 1970) as the clock on the wall shows it: "2026-11-26T16:53:28". */
export function localTime(moment: number): string {
  const at = new Date(moment)
  const two = (number: number): string => String(number).padStart(2, '0')
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${date}T${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`
}
