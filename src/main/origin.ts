/** Where the page and its pictures live: a scheme of our own, which no other page and no network can serve. */
export const scheme = 'studio'
export const origin = `${scheme}://app`

/** Whether an address is one of ours. */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host } = new URL(address)
  return `${protocol}//${host}` === origin
}
