import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { assetPaths, type ImageFormat } from '../../shared/assetPaths.ts'
import { StudioError } from '../../shared/errors.ts'
import type { History } from '../history/history.ts'
import { exportFormatOf, exportPicture } from './exportPicture.ts'
import type { ImageFiles } from './imageFiles.ts'
import { zip, zipLimits, type ZipEntry } from './zip.ts'

/** Archives of pictures: what goes into one is remembered, and written when it is fetched. */
export interface PictureExports {
  /** Answers the archive's path. Throws `not-found`, and `bad-request` for more than an archive can hold. */
  prepare(ids: readonly string[], format: ImageFormat): Promise<string>
  /** The bytes of an archive. A picture that is gone by then is left out. Throws `not-found`. */
  archive(name: string): AsyncGenerator<Buffer>
}

const oneHour = 3_600_000

export function openPictureExports({
  history,
  imageFiles,
}: {
  history: Pick<History, 'image' | 'pathOf'>
  imageFiles: Pick<ImageFiles, 'read'>
}): PictureExports {
  const prepared = new Map<string, { ids: readonly string[]; format: ImageFormat }>()

  async function* entries(ids: readonly string[], format: ImageFormat): AsyncGenerator<ZipEntry> {
    for (const id of ids) {
      const entry = await readEntry(id, format).catch(() => null)
      if (entry) yield entry
    }
  }

  async function readEntry(id: string, format: ImageFormat): Promise<ZipEntry> {
    const record = history.image(id)
    const bytes = await exportPicture(await imageFiles.read(record.path), record, exportFormatOf(format))
    return { name: `${id}.${format}`, modifiedAt: new Date(record.createdAt), bytes }
  }

  return {
    async prepare(ids, format) {
      let bytes = 0
      for (const id of ids) bytes += (await stat(history.pathOf(id))).size
      if (bytes > zipLimits.bytes) {
        const message = `These pictures are ${(bytes / 2 ** 30).toFixed(1)} GiB, and an archive holds 4. Choose fewer at a time.`
        throw new StudioError('bad-request', message)
      }
      const name = randomUUID()
      prepared.set(name, { ids, format })
      setTimeout(() => prepared.delete(name), oneHour).unref()
      return assetPaths.export(name)
    },
    archive(name) {
      const asked = prepared.get(name)
      if (!asked)
        throw new StudioError('not-found', 'This archive is not ready any more. Export the pictures again.')
      return zip(entries(asked.ids, asked.format))
    },
  }
}
