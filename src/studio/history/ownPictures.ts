import type { Dirent } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { isImageName, isMonth } from '../pictures/imageFiles.ts'
import { readOwnMetadata, type EmbeddedRecord } from '../metadata/imageMetadata.ts'

/** A picture file of ours below the folder of images. */
export interface OwnPicture {
  /** Path below the folder, with forward slashes. */
  file: string
  record: EmbeddedRecord
}

/**
 * Goes through the pictures below a folder that carry a record of ours; symbolic links are not followed.
 * @param isKnown leaves out files without reading them.
 */
export async function* ownPictures(
  folder: string,
  isKnown: (file: string) => boolean = () => false,
): AsyncGenerator<OwnPicture> {
  let seen = 0
  for await (const file of pngFiles(folder)) {
    // There may be hundreds of thousands.
    if (++seen % 200 === 0) await setImmediate()
    if (isKnown(file)) continue
    const record = await readOwnPicture(join(folder, file))
    if (record) yield { file, record }
  }
}

/** Files under the names we give come first: of a picture and its copies, they are the picture. */
async function* pngFiles(folder: string, below = ''): AsyncGenerator<string> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])
  const pick = (wanted: (entry: Dirent) => boolean, isOurs: (name: string) => boolean): string[] => {
    const names = entries.filter(wanted).map(({ name }) => name)
    return [...names.filter(isOurs).sort(), ...names.filter((name) => !isOurs(name)).sort()]
  }
  for (const name of pick((entry) => entry.isFile() && /^[^.].*\.png$/i.test(entry.name), isImageName)) {
    yield below + name
  }
  for (const name of pick((entry) => entry.isDirectory(), isMonth))
    yield* pngFiles(folder, `${below}${name}/`)
}

/** The texts stand before the pixels, so the beginning of the file is enough. */
const metadataBytes = 2 ** 20

/** What a picture file tells of its row; null when it is none of ours. */
export async function readOwnPicture(path: string): Promise<EmbeddedRecord | null> {
  try {
    const file = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(metadataBytes), position: 0 })
      return readOwnMetadata(buffer.subarray(0, bytesRead))
    } finally {
      await file.close()
    }
  } catch {
    return null
  }
}
