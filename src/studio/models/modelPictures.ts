import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../files.ts'
import { encodeThumbnail } from '../pictures/images.ts'

/** Small pictures of models, made once for each picture that lies beside one or in its header. */
export interface ModelPictures {
  /** A WebP; null where there is no picture, or none that can be read. */
  of(model: PictureOf): Promise<Buffer | null>
}

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

  return {
    async of(model) {
      const source = model.picture ?? model
      const key = createHash('sha256').update(`${source.path}\n${source.stamp}`).digest('hex').slice(0, 32)
      const file = join(dataFolder, 'modelPictures', `${key}.webp`)
      const kept = await readFile(file).catch(() => null)
      if (kept) return kept
      const made = await make(model).catch(() => null)
      if (made) await writeFileDurably(file, made, writer).catch(() => {})
      return made
    },
  }
}
