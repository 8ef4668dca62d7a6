import sharp from 'sharp'
import { expect, it } from 'vitest'
import type { LookProgress } from '../../src/shared/calls/insideCalls.ts'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { encodePreview } from '../../src/studio/pictures/images.ts'
import { unpackFloat16 } from '../../src/renderer/lab/numbers.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

const openRealStudio = (): Promise<Studio> =>
  openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })

const request = {
  prompt: 'a [blue:red:0.5] fox AND a xylographic hill',
  steps: 3,
  sampler: 'Euler',
  schedule: 'Normal',
  guidanceScale: 3,
  seed: 5,
  device: 'cpu',
  width: 128,
  height: 128,
} as const

async function madePicture(studio: Studio, change: object = {}): Promise<string> {
  const { imageIds, error } = await runToEnd(studio, { ...request, ...change })
  expect(error).toBeNull()
  return imageIds[0]
}

it('attention tells for every step which words were looked at, and how far it has come', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio)
  const told: LookProgress[] = []
  studio.subscribe({ lookProgress: (progress) => told.push(progress) })
  const seen = (await studio.calls.attention({ imageId }))!
  expect(seen).toMatchObject({
    reduced: false,
    sizes: [
      { height: 8, width: 8 },
      { height: 4, width: 4 },
    ],
  })
  const texts = seen.texts.map(({ chunks }) =>
    chunks.map((words) => words.map(({ kind, text }) => (kind === 'word' ? text : kind)).join(' ')),
  )
  expect(texts).toEqual([['start a blue fox end'], ['start a red fox end'], ['start a xylographic hill end']])
  const cut = seen.texts[2].chunks[0][2]
  expect(cut.tokens.length).toBeGreaterThan(1)
  expect(cut.tokens.join('')).toBe('xylographic')

  expect(seen.steps.map(({ reads }) => reads.map(({ text }) => text))).toEqual([
    [0, 2],
    [1, 2],
    [1, 2],
  ])
  for (const { reads } of seen.steps)
    for (const { text, maps } of reads) {
      const tokens = seen.texts[text].chunks.flat().reduce((sum, { tokens }) => sum + tokens.length, 0)
      maps.map(unpackFloat16).forEach((map, i) => {
        const pixels = seen.sizes[i].height * seen.sizes[i].width
        expect(map).toHaveLength(tokens * pixels)
        for (let pixel = 0; pixel < pixels; pixel++) {
          let sum = 0
          for (let token = 0; token < tokens; token++) sum += map[token * pixels + pixel]
          // As many numbers rounded to float16.
          expect(Math.abs(sum - 1)).toBeLessThan(tokens * 2 ** -11)
        }
      })
    }
  expect(told.filter(({ phase }) => phase === 'denoising').map(({ step, steps }) => [step, steps])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
    [3, 3],
  ])
})

it('a U-Net that nothing is turned in draws the same picture, and another with a skip connection cut', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio, { prompt: 'a red fox' })
  const drawing = (await studio.calls.unetDrawing({ imageId }))!
  expect(drawing.blocks.reduce((sum, { parameters }) => sum + parameters, 0)).toBeLessThan(drawing.parameters)
  expect(drawing.blocks.every(({ parameters, ms }) => parameters > 0 && ms !== null && ms > 0)).toBe(true)
  const given = drawing.blocks.flatMap(({ gives }) => gives ?? [])
  const taken = drawing.blocks.flatMap(({ takes }) => takes ?? [])
  expect(given).toEqual(given.map((_, index) => index))
  expect(taken).toEqual(given.toReversed())
  expect(drawing.skips).toBe(given.length)

  const block = 'up_blocks.0.resnets.0'
  const pixels = async (file: Buffer | string): Promise<Buffer> => sharp(file).removeAlpha().raw().toBuffer()
  const run = async (asked: object): Promise<{ drawn: Buffer; activations: unknown[] }> => {
    const { url, activations } = (await studio.calls.unetRun({ imageId, block, ...asked }))!
    const answer = await studio.assets(new Request(`http://studio${url}`))
    return { drawn: await pixels(Buffer.from(await answer.arrayBuffer())), activations }
  }
  const without = await run({})
  const apart = (a: Buffer, b: Buffer): number =>
    a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length
  const made = await pixels((await studio.calls.image(imageId)).path)
  const { width, height } = request
  expect(
    without.drawn.equals(await pixels(Buffer.from(await encodePreview({ width, height, data: made })))),
  ).toBe(true)
  expect(without.activations).toHaveLength(3)
  const skips = given.map((index) => (index === 1 ? 0 : 1))
  expect(apart((await run({ dials: { skips } })).drawn, without.drawn)).toBeGreaterThan(4)
  const freeU = { b: [1.5, 1.6], s: [0.9, 0.2] }
  expect(apart((await run({ dials: { freeU } })).drawn, without.drawn)).toBeGreaterThan(4)
  await expect(studio.calls.unetRun({ imageId, block: 'nothing' })).rejects.toMatchObject({
    code: 'bad-request',
  })
})

it('a branch is looked into as it was drawn, part by part', async () => {
  const studio = await openRealStudio()
  const { calls } = studio
  const imageId = await madePicture(studio, { prompt: 'a red fox' })
  const branched = async (change: object): Promise<string> => {
    const { id } = await calls.branch({ imageId, at: 2, change })
    return (await untilJob(studio, id, hasEnded)).imageIds[0]
  }
  const block = 'mid_block'
  const pixels = async (file: Buffer | string): Promise<Buffer> => sharp(file).removeAlpha().raw().toBuffer()
  for (const [change, activations] of [
    [{ prompt: 'a blue house' }, 3],
    // What another U-Net drew is left as it was.
    [{ prompt: 'a blue house', model: 'starter-fast' }, 1],
  ] as const) {
    const branch = await branched(change)
    const seen = (await calls.attention({ imageId: branch }))!
    const words = seen.texts.map(({ chunks: [chunk] }) =>
      chunk
        .map(({ text }) => text)
        .join(' ')
        .trim(),
    )
    expect(words).toEqual(['a red fox', 'a blue house'])
    expect(seen.steps.map(({ reads }) => reads.map(({ text }) => text))).toEqual([[0], [0], [1]])

    const run = (await calls.unetRun({ imageId: branch, block }))!
    const answer = await studio.assets(new Request(`http://studio${run.url}`))
    const drawn = await pixels(Buffer.from(await answer.arrayBuffer()))
    const { width, height } = request
    const made = await pixels((await calls.image(branch)).path)
    const shown = await pixels(Buffer.from(await encodePreview({ width, height, data: made })))
    expect(drawn.equals(shown)).toBe(true)
    expect(run.activations).toHaveLength(activations)
    expect((await calls.unetDrawing({ imageId: branch }))!.skips).toBe(6)
  }
})

it('a look can be stopped, and makes way for a job', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio, { prompt: 'a red fox', steps: 20 })
  const begun = Promise.withResolvers<void>()
  studio.subscribe({ lookProgress: ({ step }) => step === 1 && begun.resolve() })
  const look = studio.calls.attention({ imageId })
  await begun.promise
  await studio.calls.stopLook()
  expect(await look).toBeNull()
  const job = await studio.calls.enqueue({ ...request, steps: 40 })
  await untilJob(studio, job.id, ({ state }) => state === 'running')
  expect(await studio.calls.attention({ imageId })).toBeNull()
})
