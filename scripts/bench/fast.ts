import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../src/shared/request/request.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint } from '../../src/engine/pipeline.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import { median } from './report.ts'
import { peakSignalToNoise, structuralSimilarity } from './similarity.ts'
import { tenPrompts } from './tenPrompts.ts'

/**
 * What "Fast" saves and costs on the starter: evaluations, the time of drawing, and how near the pictures of ten prompts
 * come to the exact ones, beside exact runs of fewer steps that take as many evaluations. `--samplers "DPM++ 2M,Euler a"`, `--steps 20,30`,
 * `--prompts 10`, `--fast JSON` in place of the defaults, `--out FOLDER` for pictures side by side (exact | fast).
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: {
    samplers: { type: 'string', default: 'DPM++ 2M' },
    steps: { type: 'string', default: '20,30' },
    prompts: { type: 'string', default: '10' },
    fast: { type: 'string', default: '{}' },
    out: { type: 'string' },
  },
})
const prompts = tenPrompts.slice(0, Number(chosen.prompts))
const side = 256
const model = await openModel(
  fileURLToPath(new URL('../../resources/models/starter', import.meta.url)),
  'cpu',
)
const tokenizers = await openTokenizers(model)

interface Drawn {
  pixels: Pixels
  evaluations: number
  ms: number
}

console.log(
  `starter, ${side}×${side}, guidance 4, cpu; against the exact pictures of ${prompts.length} prompts`,
)
console.log(`  ${'sampler'.padEnd(14)} ${'run'.padEnd(22)} evaluations  time ratio   PSNR   SSIM  (worst)`)
await draw({ prompt: prompts[0], steps: 2 }, 0)
for (const sampler of chosen.samplers.split(','))
  for (const steps of chosen.steps.split(',').map(Number)) await compare(sampler, steps)
await model.release()

/** Exact, fast and fewer steps, one after the other for each prompt, so that what else the machine does falls on all. */
async function compare(sampler: string, steps: number): Promise<void> {
  const fast = JSON.parse(chosen.fast) as object
  const runs = { exact: [] as Drawn[], fast: [] as Drawn[], fewer: [] as Drawn[] }
  for (const [index, prompt] of prompts.entries()) {
    const of = (request: GenerationRequestInput): Promise<Drawn> =>
      draw({ sampler, steps, prompt, ...request }, 100 + index)
    runs.exact.push(await of({}))
    runs.fast.push(await of({ fast }))
    const share = runs.fast[index].evaluations / runs.exact[index].evaluations
    runs.fewer.push(await of({ steps: Math.round(steps * share) }))
  }
  report(`${steps} steps, exact`, sampler, runs.exact, runs.exact)
  report(`${steps} steps, fast`, sampler, runs.fast, runs.exact)
  report('as many evaluations', sampler, runs.fewer, runs.exact)
  if (chosen.out) await writePairs(chosen.out, `${sampler}-${steps}`, runs.exact, runs.fast)
}

async function draw(input: GenerationRequestInput, seed: number): Promise<Drawn> {
  const request = { ...generationRequestSchema.parse(input), seed, width: side, height: side }
  let evaluations = 0
  const began = performance.now()
  const painting = paint(
    model,
    tokenizers,
    { request, index: 0, initImage: null, mask: null },
    () => void evaluations++,
    () => {},
  )
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return { pixels: value.pixels, evaluations, ms: performance.now() - began }
  }
}

/** A line of the table: the whole of the drawing's time, text and decoder included, as a ratio to the exact run's. */
function report(run: string, sampler: string, drawn: readonly Drawn[], exact: readonly Drawn[]): void {
  const mean = (figures: readonly number[]): number =>
    figures.reduce((sum, figure) => sum + figure, 0) / figures.length
  const evaluations = mean(drawn.map((one) => one.evaluations)).toFixed(1)
  const ratio = median(drawn.map(({ ms }, i) => exact[i].ms / ms))
  const start = `  ${sampler.padEnd(14)} ${run.padEnd(22)} ${evaluations.padStart(11)}  ${`${ratio.toFixed(2)}x`.padStart(10)}`
  if (drawn === exact) return console.log(start)
  const decibels = mean(drawn.map(({ pixels }, i) => peakSignalToNoise(pixels, exact[i].pixels)))
  const alike = drawn.map(({ pixels }, i) => structuralSimilarity(pixels, exact[i].pixels))
  const worst = Math.min(...alike).toFixed(3)
  console.log(`${start}  ${decibels.toFixed(1).padStart(5)}  ${mean(alike).toFixed(3)}  (${worst})`)
}

async function writePairs(
  folder: string,
  name: string,
  exact: readonly Drawn[],
  fast: readonly Drawn[],
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [index, { pixels }] of exact.entries()) {
    const pair = [pixels, fast[index].pixels].map(({ data, width, height }, place) => ({
      input: Buffer.from(data),
      raw: { width, height, channels: 3 as const },
      left: place * (side + 8),
      top: 0,
    }))
    const canvas = { width: 2 * side + 8, height: side, channels: 3 as const, background: '#ffffff' }
    const png = await sharp({ create: canvas }).composite(pair).png().toBuffer()
    await writeFile(join(folder, `${name}-${index}.png`), png)
  }
}
