import { copyFile, writeFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { gridAxisNames, type GridWithImages } from '../../shared/grids/gridCalls.ts'
import { gridValue, type GridPlace } from '../../shared/grids/gridPlaces.ts'
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

/**
 * Writes a grid into a folder: `index.html`, its pictures, and `grid.png` with all of them. Pictures that were made of others
 * have their names, with their place where several were made of one; the others have the names of their cells.
 */
export async function writeGrid(grid: GridWithImages, folder: string): Promise<void> {
  makeFolder(join(folder, 'pictures'))
  await writeFile(join(folder, 'grid.png'), await gridSheet(grid))
  const pieces: string[] = []
  const nameOf = fileNames(grid)
  const page = gridPage(grid, async ({ path }, place) => {
    const name = `${nameOf(place)}.png`
    await copyFile(path, join(folder, 'pictures', name))
    return `pictures/${encodeURIComponent(name)}`
  })
  for await (const piece of page) pieces.push(piece)
  await writeFile(join(folder, 'index.html'), pieces.join(''))
}

function fileNames({ axes }: GridWithImages): (place: GridPlace) => string {
  const cellName = ({ x, y, z }: GridPlace): string => `x${x + 1}-y${y + 1}-z${z + 1}`
  const of = gridAxisNames.find((name) => axes[name]?.parameter === 'startPicture')
  if (!of) return cellName
  const stems = axes[of]!.values.map((_, index) => safeName(parse(gridValue(axes[of]!, index)).name))
  const isOnlyAxis = gridAxisNames.every((name) => name === of || axes[name] === null)
  return (place) => {
    const stem = stems[place[of]]
    const isAlone = stems.filter((other) => other === stem).length === 1
    return isOnlyAxis && isAlone ? stem : `${stem}-${cellName(place)}`
  }
}

/** Without what no file system takes. */
const safeName = (name: string): string => name.replaceAll(/[<>:"/\\|?*\u0000-\u001f]/g, '_') || 'picture'
