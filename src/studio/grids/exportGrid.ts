import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GridWithImages } from '../../shared/grids/gridCalls.ts'
import { makeFolder } from '../files.ts'
import { exportPicture } from '../pictures/exportPicture.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import { gridPage } from './gridPage.ts'
import { gridSheet } from './gridSheet.ts'

/** A grid as one page that holds its pictures, as WebP without loss. */
export async function* wholePage(
  grid: GridWithImages,
  imageFiles: Pick<ImageFiles, 'read'>,
): AsyncGenerator<Uint8Array> {
  const pieces = gridPage(grid, async (image) => {
    const picture = await exportPicture(await imageFiles.read(image.path), image, 'webp')
    return `data:image/webp;base64,${picture.toString('base64')}`
  })
  for await (const piece of pieces) yield Buffer.from(piece)
}

/** Writes a grid into a folder: `index.html`, its pictures under the names of their cells, and `grid.png` with all of them. */
export async function writeGrid(grid: GridWithImages, folder: string): Promise<void> {
  makeFolder(join(folder, 'pictures'))
  await writeFile(join(folder, 'grid.png'), await gridSheet(grid))
  const pieces: string[] = []
  const page = gridPage(grid, async ({ path }, place) => {
    await copyFile(path, join(folder, 'pictures', `${place}.png`))
    return `pictures/${place}.png`
  })
  for await (const piece of page) pieces.push(piece)
  await writeFile(join(folder, 'index.html'), pieces.join(''))
}
