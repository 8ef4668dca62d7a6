import { hostname, networkInterfaces } from 'node:os'

/**
 * The names by which this machine is reached, those that others can use first: its addresses, its host name, and that in
 * mDNS (".local").
 */
export function ownHostNames(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ scopeid }) => !scopeid)
    .sort((one, other) => Number(one.internal) - Number(other.internal))
    .map(({ address }) => address)
  const name = hostname().toLowerCase()
  const local = name.includes('.') ? [] : [`${name}.local`]
  return [...new Set([...addresses, name, ...local, 'localhost'])]
}

/** The host of a Host header or an address, without its port, in lower case; null for what is none. */
export function hostOf(written: string): string | null {
  const url = URL.parse(`https://${written}`)
  if (!url || url.pathname !== '/' || url.username !== '' || url.search !== '' || url.hash !== '') return null
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}
