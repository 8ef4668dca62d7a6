import sharp from 'sharp'
import { expect, it } from 'vitest'
import { readOwnMetadata } from '../../src/studio/metadata/imageMetadata.ts'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { readFile } from 'node:fs/promises'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const openRealStudio = (folder = temporaryFolder()): Promise<Studio> =>
  openTestStudio(folder, { enginePath: defaultEnginePath })

const request = {
  prompt: 'a red circle',
  steps: 4,
  sampler: 'DPM++ 2M',
  guidanceScale: 3,
  seed: 5,
  device: 'cpu',
  width: 64,
  height: 64,
} as const

const pixels = async (path: string): Promise<Buffer> => sharp(path).removeAlpha().raw().toBuffer()

type Asked = Parameters<Studio['calls']['branch']>[0]

async function branched(studio: Studio, asked: Asked): Promise<string> {
  const { id } = await studio.calls.branch(asked)
  const { imageIds, error } = await untilJob(studio, id, hasEnded)
  expect(error).toBeNull()
  return imageIds[0]
}

it('R19: a branch is a picture of the history, and is made again from its row alone', async () => {
  const studio = await openRealStudio()
  const { calls } = studio
  const { imageIds } = await runToEnd(studio, request)
  const parent = await calls.image(imageIds[0])

  const same = await calls.image(await branched(studio, { imageId: parent.id, at: 2, change: {} }))
  expect(await pixels(same.path)).toEqual(await pixels(parent.path))

  const change = { prompt: 'a blue square', sampler: 'Euler a', laterSeed: 9, model: 'starter-fast' } as const
  const branch = await calls.image(await branched(studio, { imageId: parent.id, at: 2, change }))
  expect(await pixels(branch.path)).not.toEqual(await pixels(parent.path))
  expect(branch.model.name).toBe('starter-fast')
  const { before, imageId, laterSeed } = branch.request.branch!
  expect({ imageId, laterSeed }).toEqual({ imageId: parent.id, laterSeed: 9 })
  expect(before).toMatchObject([
    { until: 2, prompt: 'a red circle', sampler: 'DPM++ 2M', modelHash: parent.model.hash },
  ])
  // A rebuilt history finds it in the file.
  expect(readOwnMetadata(await readFile(branch.path))!.request.branch).toEqual(branch.request.branch)

  const { id: grandchild } = await calls.image(
    await branched(studio, { imageId: branch.id, at: 3, change: { guidanceScale: 6 } }),
  )
  const family = [parent.id, same.id, branch.id, grandchild]
  for (const id of family) expect((await calls.family(id)).map((image) => image.id)).toEqual(family)

  // The picture it was taken from is not needed.
  await calls.trash([parent.id])
  await calls.emptyTrash()
  expect((await calls.family(grandchild)).map((image) => image.id)).toEqual(family.slice(1))
  for (const id of [branch.id, grandchild]) {
    const again = await untilJob(studio, (await calls.rerun(id)).id, hasEnded)
    expect(again.error).toBeNull()
    const [one, other] = [await calls.image(id), await calls.image(again.imageIds[0])]
    expect(await pixels(other.path)).toEqual(await pixels(one.path))
  }
  const trace = (await calls.trace({ imageId: branch.id }))!
  expect(trace.steps).toHaveLength(4)
})

it('what cannot be branched from is said before anything is queued', async () => {
  const studio = await openTestStudio()
  const { calls } = studio
  await expect(calls.branch({ imageId: 'nowhere', at: 1, change: {} })).rejects.toMatchObject({
    code: 'not-found',
  })
  const { imageIds } = await runToEnd(studio, { seed: 1 })
  await expect(calls.branch({ imageId: imageIds[0], at: 0, change: {} })).rejects.toMatchObject({
    code: 'bad-request',
  })
  await expect(
    calls.branch({ imageId: imageIds[0], at: 1, change: { model: 'other-latents' } }),
  ).rejects.toMatchObject({ code: 'not-found' })
  expect((await calls.jobs()).every(({ state }) => state === 'done')).toBe(true)
})
