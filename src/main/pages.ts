import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { AssetHandler } from '../studio/server/assets.ts'
import { securityHeaders } from '../studio/server/securityHeaders.ts'
import { isOurs } from './origin.ts'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/**
 * Answers every request of the window: `studio://app/` and the built files of the page below it; all that is no
 * such file goes to the studio's pictures.
 */
export function servePages(folder: string, assets: AssetHandler): AssetHandler {
  return async (request) => {
    if (!isOurs(request.url)) return new Response('Not found', { status: 404 })
    const file = request.method === 'GET' ? await findFile(folder, new URL(request.url).pathname) : undefined
    if (!file) return assets(request)
    return new Response(Readable.toWeb(createReadStream(file.path)) as ReadableStream, {
      headers: {
        ...securityHeaders,
        'Content-Type': contentTypes[path.extname(file.path)] ?? 'application/octet-stream',
        'Content-Length': String(file.stats.size),
      },
    })
  }
}

/** The file that a URL's path names below the folder; undefined for what is not there or lies outside. */
async function findFile(
  folder: string,
  urlPath: string,
): Promise<{ path: string; stats: Stats } | undefined> {
  const name = decode(urlPath === '/' ? '/index.html' : urlPath)
  const file = path.join(folder, name)
  if (!file.startsWith(folder + path.sep) || name.includes('\0')) return undefined
  const stats = await stat(file).catch(() => undefined)
  return stats?.isFile() ? { path: file, stats } : undefined
}

function decode(urlPath: string): string {
  try {
    return decodeURIComponent(urlPath)
  } catch {
    return '\0'
  }
}
