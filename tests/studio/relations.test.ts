import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Studio } from '../../src/studio/studio.ts'
import { hasEnded, openTestStudio, runToEnd, untilJob } from './fixtures/testStudio.ts'

/** Takes a picture of the history in as a starting picture, as the window does. */
async function startFrom(studio: Studio, id: string): Promise<{ id: string }> {
  const { url } = await studio.calls.image(id)
  const body = await (await studio.assets(new Request(`http://x${url}`))).arrayBuffer()
  const taken = await studio.assets(new Request('http://x/inputs', { method: 'POST', body }))
  return (await taken.json()) as { id: string }
}

const one = async (studio: Studio, request: Parameters<Studio['calls']['enqueue']>[0]): Promise<string> =>
  (await runToEnd(studio, request)).imageIds[0]

describe('where a picture comes from', () => {
  it('is told over starting pictures, painted parts and what came from those', async () => {
    const studio = await openTestStudio()
    const first = await one(studio, { prompt: 'first' })
    const stranger = await one(studio, { prompt: 'stranger' })
    const input = await startFrom(studio, first)
    const second = await one(studio, { prompt: 'second', initImage: input })
    const third = await one(studio, {
      prompt: 'third',
      initImage: await startFrom(studio, second),
      mask: input,
    })
    for (const id of [first, second, third]) {
      const { images, links } = await studio.calls.lineage(id)
      expect(images.map((image) => image.id)).toEqual([first, second, third])
      expect(links).toHaveLength(2)
      expect(links).toContainEqual({ parentId: first, childId: second, how: 'image' })
      expect(links).toContainEqual({ parentId: second, childId: third, how: 'inpainting' })
    }
    expect((await studio.calls.lineage(stranger)).images).toHaveLength(1)

    // What is made again comes from the picture that it repeats, whatever that came from.
    const again = await untilJob(studio, (await studio.calls.rerun(second)).id, hasEnded)
    const { links } = await studio.calls.lineage(second)
    expect(links).toHaveLength(3)
    expect(links).toContainEqual({ parentId: second, childId: again.imageIds[0], how: 'again' })

    await studio.calls.trash([second, again.imageIds[0]])
    await studio.calls.emptyTrash()
    expect((await studio.calls.lineage(third)).links).toEqual([])
  })
})

describe('two pictures', () => {
  it('are identical, or it is said how far they are from each other', async () => {
    const studio = await openTestStudio()
    const request = { prompt: 'x', seed: 5 }
    const [id, same, other] = [
      await one(studio, request),
      await one(studio, request),
      await one(studio, { ...request, seed: 6 }),
    ]
    expect(await studio.calls.compareImages(id, same)).toEqual({
      pixels: { max: 0, mean: 0, share: 0 },
      conditions: [],
    })
    const { pixels } = await studio.calls.compareImages(id, other)
    expect(pixels!.max).toBeGreaterThan(0)
    expect(pixels!.share).toBeGreaterThan(0)
    expect(pixels!.mean).toBeLessThanOrEqual(pixels!.max)
    const larger = await one(studio, { ...request, width: 192 })
    expect((await studio.calls.compareImages(id, larger)).pixels).toBeNull()
    await expect(studio.calls.compareImages(id, 'gone')).rejects.toMatchObject({ code: 'not-found' })
  })
})

/** The files of a ZIP archive by its central directory (APPNOTE 6.3.10, 4.3.12), stored ones alone. */
function unzipped(archive: Buffer): Map<string, Buffer> {
  const end = archive.length - 22
  expect(archive.readUInt32LE(end)).toBe(0x06054b50)
  const files = new Map<string, Buffer>()
  let at = archive.readUInt32LE(end + 16)
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50)
    const [checksum, packed, size] = [16, 20, 24].map((offset) => archive.readUInt32LE(at + offset))
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      archive.readUInt16LE(at + offset),
    )
    const local = archive.readUInt32LE(at + 42)
    expect(archive.readUInt32LE(local)).toBe(0x04034b50)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const bytes = archive.subarray(start, start + size)
    expect([archive.readUInt16LE(at + 10), packed, crc32(bytes)]).toEqual([0, size, checksum])
    files.set(archive.toString('utf8', at + 46, at + 46 + nameLength), bytes)
    at += 46 + nameLength + extraLength + commentLength
  }
  expect(at).toBe(end)
  return files
}

describe('an archive of pictures', () => {
  it('has the bytes and names of the pictures', async () => {
    const studio = await openTestStudio()
    const { imageIds } = await runToEnd(studio, { prompt: 'x', batchSize: 3 })
    const path = await studio.calls.exportImages(imageIds, 'png')
    const answer = await studio.assets(new Request(`http://x${path}`))
    expect(answer.headers.get('Content-Type')).toBe('application/zip')
    const files = unzipped(Buffer.from(await answer.arrayBuffer()))
    expect([...files.keys()]).toEqual(imageIds.map((id) => `${id}.png`))
    for (const id of imageIds)
      expect(files.get(`${id}.png`)!.equals(readFileSync((await studio.calls.image(id)).path))).toBe(true)
  })

  it('is not made of pictures that are not there, nor got under another name', async () => {
    const studio = await openTestStudio()
    await expect(studio.calls.exportImages(['gone'], 'png')).rejects.toMatchObject({ code: 'not-found' })
    expect((await studio.assets(new Request('http://x/exports/other.zip'))).status).toBe(404)
  })
})

describe('files on the desktop', () => {
  it('are shown and dragged by their paths, and elsewhere it is said that they are not', async () => {
    const seen: unknown[] = []
    const desktop = {
      canUpdate: false,
      showInFolder: (path: string) => void seen.push(path),
      startDrag: (paths: readonly string[], icon: Buffer) =>
        void seen.push(paths, icon.toString('latin1', 1, 4)),
    }
    const studio = await openTestStudio(undefined, { desktop })
    const id = await one(studio, { prompt: 'x' })
    const { path } = await studio.calls.image(id)
    await studio.calls.showInFolder(id)
    const other = await one(studio, { prompt: 'y' })
    await studio.calls.dragOut([id, other])
    expect(seen).toEqual([path, [path, (await studio.calls.image(other)).path], 'PNG'])
    expect((await studio.calls.status()).hasDesktop).toBe(true)
    const browser = await openTestStudio()
    expect((await browser.calls.status()).hasDesktop).toBe(false)
    await expect(browser.calls.showInFolder(id)).rejects.toMatchObject({ code: 'bad-request' })
  })
})
