import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Evaluation } from '../../src/shared/engine/engineContract.ts'
import { openEvaluationFiles } from '../../src/studio/jobs/run/evaluationFiles.ts'
import { temporaryFolder } from './fixtures/testStudio.ts'

const picture = { jobId: 'job', image: 1, circumstances: { seed: 3 } }
const answers: Evaluation[] = [
  { answer: Float32Array.of(1, 2, 3), widened: false, together: null },
  { answer: Float32Array.of(-0.5, NaN, 6), widened: true, together: false },
  { answer: Float32Array.of(7, 8, 9), widened: null, together: true },
]
const another: Evaluation = { answer: Float32Array.of(10), widened: null, together: null }

async function written(folder: string): Promise<string> {
  const files = await openEvaluationFiles(folder, () => true)
  expect(await files.open(picture)).toEqual([])
  for (const answer of answers) files.add('job', 1, answer)
  await files.flush()
  return join(folder, 'job.evaluations')
}

const read = async (folder: string, asked = picture): Promise<Evaluation[]> =>
  (await openEvaluationFiles(folder, () => true)).open(asked)

describe('what a U-Net answered', () => {
  it('is read as it was, and goes on', async () => {
    const folder = temporaryFolder()
    await written(folder)
    const files = await openEvaluationFiles(folder, () => true)
    expect(await files.open(picture)).toEqual(answers)
    files.add('job', 1, another)
    await files.flush()
    expect(await read(folder)).toEqual([...answers, another])
  })

  it.each([1, 5, 12, 23, 25])('is read up to where a kill cut it off: %i bytes', async (bytes) => {
    const folder = temporaryFolder()
    const path = await written(folder)
    truncateSync(path, readFileSync(path).length - bytes)
    expect(await read(folder)).toEqual(answers.slice(0, bytes > 24 ? 1 : 2))
  })

  it('is read up to what is damaged, and goes on from there', async () => {
    const folder = temporaryFolder()
    const path = await written(folder)
    const bytes = readFileSync(path)
    bytes[bytes.length - 1] ^= 1
    writeFileSync(path, bytes)
    appendFileSync(path, Buffer.alloc(40))
    const files = await openEvaluationFiles(folder, () => true)
    expect(await files.open(picture)).toEqual(answers.slice(0, 2))
    files.add('job', 1, answers[2])
    await files.flush()
    expect(await read(folder)).toEqual(answers)
  })

  it.each([
    { ...picture, image: 2 },
    { ...picture, circumstances: { seed: 4 } },
  ])('is of no use for another picture', async (other) => {
    const folder = temporaryFolder()
    await written(folder)
    expect(await read(folder, other)).toEqual([])
  })

  it('of the next image takes the place of the last one’s', async () => {
    const folder = temporaryFolder()
    await written(folder)
    const files = await openEvaluationFiles(folder, () => true)
    await files.open(picture)
    files.add('job', 2, answers[1])
    await files.flush()
    expect(await read(folder, { ...picture, image: 2 })).toEqual([answers[1]])
  })

  it('of jobs that are over is removed, when they end and at the next start', async () => {
    const folder = temporaryFolder()
    const path = await written(folder)
    writeFileSync(join(folder, 'other.evaluations'), 'x')
    const files = await openEvaluationFiles(folder, (jobId) => jobId === 'job')
    expect(readdirSync(folder)).toEqual(['job.evaluations'])
    await files.forget('job')
    expect(existsSync(path)).toBe(false)
  })

  it('that cannot be written is told at the end, and nothing else fails', async () => {
    const folder = temporaryFolder()
    const files = await openEvaluationFiles(join(folder, 'file', 'below'), () => true)
    writeFileSync(join(folder, 'file'), '')
    await files.open(picture)
    files.add('job', 1, answers[0])
    await expect(files.flush()).rejects.toThrow()
  })
})
