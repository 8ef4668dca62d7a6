import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Database } from '../../history/database/database.ts'
import { whenUnlocked } from '../../history/database/whenUnlocked.ts'
import { isSha256 } from './fileHashes.ts'

/** How deep the files of a folder lie: below its networks, and one level more for what studio.json names. */
const deepest = 3

/** Files of a model that decide its pixels or how it is read, below a folder or the one file itself, sorted. */
async function modelFiles(path: string): Promise<string[]> {
  const found = await stat(path)
  if (found.isFile()) return [path]
  if (!found.isDirectory()) throw new Error(`${path} is neither a file nor a folder`)
  const base = await baseOf(path)
  return [...(await filesBelow(path, deepest)), ...(base ? await filesBelow(base, deepest) : [])].sort()
}

/** The model folder that one takes its parts from, as its studio.json says; null where it has all of its own. */
export async function baseOf(folder: string): Promise<string | null> {
  try {
    const { base } = JSON.parse(await readFile(join(folder, 'studio.json'), 'utf8')) as { base?: unknown }
    if (typeof base !== 'string') return null
    const path = join(dirname(folder), base)
    return (await stat(path)).isDirectory() ? path : null
  } catch {
    return null
  }
}

/** Regular files alone, links to them included: others may never end when they are read. */
async function filesBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return depth > 1 ? filesBelow(path, depth - 1) : []
    const wanted = /\.(safetensors|json|onnx|onnx_data|pb)$/.test(entry.name)
    return wanted && (await stat(path).catch(() => null))?.isFile() ? [path] : []
  })
  return (await Promise.all(files)).flat()
}

/** Changes whenever a file of the model is replaced: sizes and times of modification. */
export async function modelFingerprint(path: string): Promise<string> {
  const stamps = (await modelFiles(path)).map(
    async (file) => `${relative(path, file)} ${await fileStamp(file)}`,
  )
  return (await Promise.all(stamps)).join('\n')
}

const fileStamp = async (file: string): Promise<string> => {
  const { size, mtimeNs } = await stat(file, { bigint: true })
  return `${size} ${mtimeNs}`
}

/**
 * The sha256 of files, kept in the database while size and time of modification stand. A file that is asked for twice at
 * once is read once.
 */
export function createFileHash(database: Database): (file: string) => Promise<string> {
  const kept = database.prepare('SELECT sha256 FROM fileHashes WHERE path = ? AND stamp = ?').pluck()
  const keep = database.prepare('INSERT OR REPLACE INTO fileHashes (path, stamp, sha256) VALUES (?, ?, ?)')
  const reading = new Map<string, Promise<string>>()

  async function read(file: string, stamp: string): Promise<string> {
    const hash = createHash('sha256')
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash)
    const sha256 = hash.digest('hex')
    // What cannot be kept now is computed again the next time.
    await whenUnlocked(() => keep.run(file, stamp, sha256)).catch(() => {})
    return sha256
  }

  return async (file) => {
    const stamp = await fileStamp(file)
    const known = kept.get(file, stamp) as string | undefined
    if (known && isSha256(known)) return known
    const asked = `${stamp} ${file}`
    const hash = reading.get(asked) ?? read(file, stamp).finally(() => reading.delete(asked))
    reading.set(asked, hash)
    return hash
  }
}

/**
 * Ten hexadecimal digits that name a model's weights. Of a single file AUTOMATIC1111's "AutoV2", the beginning
 * of its sha256; of a folder the beginning of the sha256 over its weight files' relative paths and sha256, a line each;
 * what only draws previews is left out.
 */
export function createModelHash(database: Database): (path: string) => Promise<string> {
  const fileHash = createFileHash(database)
  return async (path) => {
    const decidesPixels = (file: string): boolean =>
      !file.endsWith('.json') && !relative(path, file).split(sep).includes('preview_vae')
    const weights = (await modelFiles(path)).filter(decidesPixels)
    if (weights.length === 1 && weights[0] === path) return (await fileHash(path)).slice(0, 10)
    const lines: string[] = []
    for (const file of weights) {
      lines.push(`${relative(path, file).split(sep).join('/')} ${await fileHash(file)}\n`)
    }
    return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 10)
  }
}
