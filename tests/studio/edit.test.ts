import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { levelsTable, straightenedSize } from '../../src/shared/library/edits.ts'
import { editSchema } from '../../src/shared/request/edit.ts'
import { readOwnMetadata } from '../../src/studio/metadata/imageMetadata.ts'
import { editPicture } from '../../src/studio/pictures/editPicture.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const edited = (picture: Pixels, edit: Parameters<typeof editSchema.parse>[0]): Promise<Pixels> =>
  editPicture(picture, editSchema.parse(edit))

/** A picture whose red says the column and whose green says the row. */
const places = (width: number, height: number): Pixels => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3)
    return [pixel % width, Math.floor(pixel / width), 200][at % 3]
  }),
})

const pixelAt = ({ data, width }: Pixels, x: number, y: number): number[] => [
  ...data.slice((y * width + x) * 3, (y * width + x) * 3 + 3),
]

it('turns clockwise, then cuts what was turned', async () => {
  const turned = await edited(places(6, 4), { turns: 1 })
  expect([turned.width, turned.height]).toEqual([4, 6])
  // What was at the bottom left is at the top left.
  expect(pixelAt(turned, 0, 0)).toEqual([0, 3, 200])
  const cut = await edited(places(6, 4), { turns: 1, crop: { left: 1, top: 2, width: 2, height: 3 } })
  expect([cut.width, cut.height]).toEqual([2, 3])
  expect(pixelAt(cut, 0, 0)).toEqual(pixelAt(turned, 1, 2))
})

it('straightens around the middle to the largest part without empty corners', async () => {
  const size = { width: 200, height: 120 }
  expect(straightenedSize(size, 0)).toEqual(size)
  // 1 / (cos 10° + 5/3 · sin 10°) = 0.7844
  expect(straightenedSize(size, -10)).toEqual({ width: 156, height: 94 })
  for (const degrees of [10, -10]) {
    const straight = await edited(places(200, 120), { straighten: degrees })
    expect([straight.width, straight.height]).toEqual([156, 94])
    // Nothing of the black outside is in it, and what was in the middle is there still.
    expect(straight.data.filter((_, at) => at % 3 === 2).every((blue) => blue === 200)).toBe(true)
    const [red, green] = pixelAt(straight, 78, 47)
    expect(Math.abs(red - 100)).toBeLessThanOrEqual(1)
    expect(Math.abs(green - 60)).toBeLessThanOrEqual(1)
    // Clockwise: what is to the right of the middle came from above it.
    expect(Math.sign(pixelAt(straight, 140, 47)[1] - 60)).toBe(-Math.sign(degrees))
  }
})

it('maps black, white and the middle as levels do', () => {
  const table = levelsTable({ black: 50, gamma: 2, white: 150 })
  expect([table[0], table[50], table[75], table[150], table[255]]).toEqual([0, 0, 128, 255, 255])
  expect([...levelsTable({ black: 0, gamma: 1, white: 255 })]).toEqual(
    Array.from({ length: 256 }, (_, v) => v),
  )
})

const pixelsOf = async (studio: Studio, id: string): Promise<Buffer> =>
  sharp((await studio.calls.image(id)).path)
    .raw()
    .toBuffer()

it('makes a picture of its own, recorded in row and file, with lineage, and again the same', async () => {
  const folder = temporaryFolder()
  const studio = await openTestStudio(folder)
  const { imageIds } = await runToEnd(studio, { prompt: 'a fox', seed: 3 })
  const added: string[] = []
  studio.subscribe({ imageAdded: ({ id }) => added.push(id) })
  const edit = {
    ...{ turns: 3, straighten: 2.5, crop: { left: 3, top: 4, width: 50, height: 40 } },
    levels: { black: 10, gamma: 1.2, white: 240 },
  }
  const made = await studio.calls.edit(imageIds[0], edit)
  expect([made.width, made.height]).toEqual([50, 40])
  expect(made.request).toMatchObject({ prompt: 'a fox', seed: 3, editOf: { ...edit, imageId: imageIds[0] } })
  expect(added).toEqual([made.id])
  expect(await studio.calls.imageText(made.id)).toContain(
    'Edit: rotate 270; straighten 2.5; crop 50x40+3+4; levels 10 1.2 240',
  )
  expect(readOwnMetadata(await readFile(made.path))?.request.editOf).toEqual(made.request.editOf)
  expect((await studio.calls.lineage(made.id)).links).toEqual([
    { parentId: imageIds[0], childId: made.id, how: 'edit' },
  ])
  const found = await studio.calls.facets({})
  expect(found.source).toContainEqual({ value: 'edit', count: 1 })

  const job = await untilJob(studio, (await studio.calls.rerun(made.id)).id, hasEnded)
  expect(job.error).toBeNull()
  expect(await pixelsOf(studio, job.imageIds[0])).toEqual(await pixelsOf(studio, made.id))
  expect((await studio.calls.status()).device).toBe('cpu')

  const again = await studio.calls.edit(made.id, { turns: 1 })
  expect([again.width, again.height]).toEqual([40, 50])
  await expect(studio.calls.branch({ imageId: made.id, at: 1, change: {} })).rejects.toMatchObject({
    code: 'bad-request',
  })

  // What was made of it goes on without it, and its copy goes with the last that refers to it.
  await studio.calls.trash([imageIds[0]])
  await studio.calls.emptyTrash()
  expect(await pixelsOf(studio, made.id)).toHaveLength(50 * 40 * 3)
  await studio.close()
  const later = await openTestStudio(folder)
  expect((await later.calls.image(again.id)).request.editOf?.imageId).toBe(made.id)
})

it('says what cannot be done', async () => {
  const studio = await openTestStudio()
  const { imageIds } = await runToEnd(studio, { width: 128, height: 64 })
  const crop = { left: 0, top: 0, width: 100, height: 40 }
  await expect(studio.calls.edit(imageIds[0], { turns: 1, crop })).rejects.toMatchObject({
    code: 'bad-request',
    message: 'edit.crop: 100×40 at 0, 0 does not lie within the picture, which is 64×128 there.',
  })
  await expect(studio.calls.edit(imageIds[0], {})).rejects.toMatchObject({ code: 'bad-request' })
  const levels = { black: 200, gamma: 1, white: 100 }
  await expect(studio.calls.edit(imageIds[0], { levels })).rejects.toMatchObject({ code: 'bad-request' })
})
