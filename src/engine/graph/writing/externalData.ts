import { closeSync, openSync, readSync } from 'node:fs'
import { dirname, isAbsolute, join, parse, relative, sep } from 'node:path'
import type { FileRange, Initializer } from './onnx.ts'

/**
 * Where the tensors of a graph lie. ONNX Runtime reads them from files below one folder, which it is told when it
 * opens the graph; names that lead out of it are refused.
 */

/** The deepest folder that all of these lie below. Folders on another drive than the first have none, and are left out. */
export function commonFolder(folders: readonly string[]): string {
  let [common] = folders
  const near = folders.filter((folder) => parse(folder).root === parse(common).root)
  const isInside = (folder: string): boolean =>
    folder === common || folder.startsWith(common.endsWith(sep) ? common : common + sep)
  while (!near.every(isInside)) common = dirname(common)
  return common
}

/** The same initializer as it is found from `folder`: one that cannot be reached from there is read into memory. */
export function foundFrom(folder: string, initializer: Initializer): Initializer {
  const { data } = initializer
  if (data instanceof Uint8Array || data.folder === folder) return initializer
  const way = relative(folder, join(data.folder, data.location))
  if (isAbsolute(way) || way.startsWith(`..${sep}`)) return { ...initializer, data: readRange(data) }
  return { ...initializer, data: { ...data, folder, location: way.split(sep).join('/') } }
}

function readRange({ folder, location, offset, length }: FileRange): Uint8Array {
  const bytes = new Uint8Array(length)
  const file = openSync(join(folder, location), 'r')
  try {
    readSync(file, bytes, 0, length, offset)
    return bytes
  } finally {
    closeSync(file)
  }
}
