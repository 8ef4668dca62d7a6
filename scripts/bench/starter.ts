import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageRecord, Timings } from '../../src/shared/library/history.ts'
import { openStudio, type Studio } from '../../src/studio/studio.ts'
import { median, row, seconds } from './report.ts'

/**
 * How long the starter model takes for its first picture, cold (a new process, nothing loaded) and
 * warm, and what the pipeline adds to the time inside ONNX Runtime. Figures are for reading, and ratios of one run
 * for comparing; nothing is asserted.
 */
const steps = 20
const warmRuns = 5
const prompt = 'a red circle on a white background'
const generate = fileURLToPath(new URL('../../src/cli/generate.ts', import.meta.url))

const dataFolder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
try {
  const cold = await coldStart()
  const warm = await warmPictures()
  const overhead = median(warm.map(({ total, runMs }) => total / runMs))
  console.log(`starter model, ${steps} steps, DPM++ 2M, cpu`)
  row('first picture, cold (whole process)', seconds(cold))
  row(`picture, warm (median of ${warmRuns})`, seconds(median(warm.map(({ total }) => total))))
  const evaluation = median(warm.map(({ unetRuns, unetRunMs }) => unetRunMs / unetRuns))
  row('one evaluation of the U-Net', `${evaluation.toFixed(1)} ms`)
  row('total over time inside ONNX Runtime', `${overhead.toFixed(3)} (target at most 1.05)`)
} finally {
  await rm(dataFolder, { recursive: true, force: true })
}

/** Wall time of `generate` as a person runs it, in ms. */
async function coldStart(): Promise<number> {
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      generate,
      '--prompt',
      prompt,
      '--seed',
      '1',
      '--steps',
      String(steps),
      '--device',
      'cpu',
      '--data',
      dataFolder,
      '--json',
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`generate ended with exit code ${code}`)
  return performance.now() - began
}

/** Timings of pictures made one after the other by one studio, after one that loads the model. */
async function warmPictures(): Promise<Timings[]> {
  const studio = await openStudio({ dataFolder })
  try {
    await paint(studio, 0)
    const timings: Timings[] = []
    for (let seed = 1; seed <= warmRuns; seed++) timings.push((await paint(studio, seed)).timings)
    return timings
  } finally {
    await studio.close()
  }
}

function paint(studio: Studio, seed: number): Promise<ImageRecord> {
  return new Promise((resolve, reject) => {
    const unsubscribe = studio.subscribe({
      imageAdded: (image) => (unsubscribe(), resolve(image)),
      jobChanged: ({ error }) => error && reject(new Error(error.message)),
    })
    studio.calls.enqueue({ prompt, seed, steps, device: 'cpu' }).catch(reject)
  })
}
