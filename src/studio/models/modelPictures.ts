import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../files.ts'
import { encodeThumbnail } from '../pictures/images.ts'

/** Small pictures of models, made once for each picture that lies beside one or in its header. */
export interface ModelPictures {
  /** A WebP; null where there is no picture, or none that can be read. */
  of(model: PictureOf): Promise<Buffer | null>
  /** Removes those of models that are not among these, or look otherwise now, once they are a day old. */
  removeUnused(models: readonly Seen[]): Promise<void>
}

/** A model as it lies on disk. */
type Seen = Omit<PictureOf, 'stamp'> & { seen: { stamp: string } | null }

interface PictureOf {
  path: string
  /** Beside the model; null: look into its header. */
  picture: { path: string; size: number; stamp: string } | null
  stamp: string
}

/** The largest file that is read as a picture, in bytes. */
const largest = 2 ** 26

export function openModelPictures(parts: {
  dataFolder: string
  writer: string
  /** The picture in a file's header as a data URL. */
  headerThumbnail: (path: string) => Promise<string | null>
}): ModelPictures {
  const { dataFolder, writer, headerThumbnail } = parts

  async function make({ path, picture }: PictureOf): Promise<Buffer | null> {
    if (picture) return picture.size > largest ? null : encodeThumbnail(picture.path)
    const url = await headerThumbnail(path)
    return url === null ? null : encodeThumbnail(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'))
  }

  const folder = join(dataFolder, 'modelPictures')
  return {
    async of(model) {
      const file = join(folder, nameOf(model))
      const kept = await readFile(file).catch(() => null)
      if (kept) return kept
      const made = await make(model).catch(() => null)
      if (made) await writeFileDurably(file, made, writer).catch(() => {})
      return made
    },
    async removeUnused(models) {
      const used = new Set(models.map(({ seen, ...model }) => nameOf({ ...model, stamp: seen?.stamp ?? '' })))
      for (const name of await readdir(folder).catch(() => [])) {
        if (used.has(name) || !/^[0-9a-f]{32}\.webp$/.test(name)) continue
        const { mtimeMs } = await stat(join(folder, name))
        if (Date.now() - mtimeMs > oneDay) await rm(join(folder, name), { force: true })
      }
    },
  }
}

const oneDay = 86_400_000

/** The file of a small picture: another one when the picture, or the file that holds it, changes. */
function nameOf({ path, picture, stamp }: PictureOf): string {
  const source = picture ?? { path, stamp }
  return `${createHash('sha256').update(`${source.path}\n${source.stamp}`).digest('hex').slice(0, 32)}.webp`
}
