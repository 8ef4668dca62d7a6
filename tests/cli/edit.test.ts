import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, expect, it, vi } from 'vitest'
import { readOwnMetadata } from '../../src/studio/metadata/imageMetadata.ts'
import { findNodeBinary } from '../../src/studio/paths.ts'
import { newImage, writePictures } from '../studio/fixtures/pictures.ts'

/** Editing from the command line. */

const folder = mkdtempSync(join(tmpdir(), 'latent-studio-edit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'data')

vi.setConfig({ testTimeout: 240_000 })

function edit(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const path = fileURLToPath(new URL('../../src/cli/edit.ts', import.meta.url))
  return new Promise((resolve) => {
    execFile(findNodeBinary(), [path, '--data', data, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

const photo = async (): Promise<string> => {
  const path = join(folder, 'photo.png')
  await sharp({ create: { width: 60, height: 40, channels: 3, background: '#808080' } })
    .png()
    .toFile(path)
  return path
}

it('turns, cuts and tones a file of which nothing is known, and does not claim to know how it was drawn', async () => {
  const out = join(folder, 'cut.png')
  const { code, stdout, stderr } = await edit(
    ...[await photo(), '--turn', '90', '--crop', '30x40+5+10', '--white', '128', '--out', out, '--json'],
  )
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ path: out, width: 30, height: 40, historyIds: [expect.any(String)] },
    edit: { turns: 1, crop: { left: 5, top: 10 }, levels: { black: 0, gamma: 1, white: 128 } },
  })
  const { data: pixels, info } = await sharp(out).raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height, pixels[0]]).toEqual([30, 40, 255])
  const text = readFileSync(out, 'latin1')
  expect(text).toContain('Edit: ')
  expect(text).not.toMatch(/Sampler: |CFG scale: /)
})

it('keeps how the picture was made: a copy of one of the history is that one, a stranger tells it itself', async () => {
  const image = newImage(3)
  await writePictures(data, [image])
  const ofHistory = join(data, 'images', image.file)
  const known = await edit(ofHistory, '--turn', '180')
  expect(known.code, known.stderr).toBe(0)
  const record = readOwnMetadata(readFileSync(known.stdout.trim()))!
  expect(record).toMatchObject({ model: image.model, request: { prompt: 'picture 3', seed: 3 } })
  expect(record.request.editOf).toMatchObject({ turns: 2, imageId: image.id })

  const elsewhere = join(folder, 'elsewhere')
  await writePictures(elsewhere, [newImage(4, { id: 'of-another-history', file: 'other.png' })])
  const foreign = await edit(join(elsewhere, 'images', 'other.png'), '--straighten', '-2.5')
  expect(foreign.code, foreign.stderr).toBe(0)
  const told = readOwnMetadata(readFileSync(foreign.stdout.trim()))!
  expect(told).toMatchObject({ model: { name: 'starter' }, request: { prompt: 'picture 4', seed: 4 } })
  expect(told.request.editOf).toMatchObject({ straighten: -2.5, imageId: null })
})

it.each([
  [['--turn', '45'], /--turn: .*90.*45/],
  [['--crop', '90x10+0+0'], /90×10 at 0, 0 does not lie within the picture, which is 60×40/],
  [['--black', '200', '--white', '100'], /black must be below white/],
])('refuses %j', async (args, message) => {
  const ended = await edit(await photo(), ...args)
  expect(ended.stderr).toMatch(message)
  expect([ended.code, ended.stdout]).toEqual([2, ''])
})
