import type { IncomingMessage } from 'node:http'

/** What a request has under a cookie's name; more than one where pages of several paths gave it. */
export const readCookies = ({ headers }: IncomingMessage, name: string): string[] =>
  (headers.cookie ?? '').split(/; */).flatMap((cookie) => {
    const at = cookie.indexOf('=')
    return at > 0 && cookie.slice(0, at) === name ? [cookie.slice(at + 1)] : []
  })
