import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openModel } from '../../src/engine/model/openModel.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { paint } from '../../src/engine/pipeline.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { transformers, turboDistance } from '../../tests/engine/model/turboDistance.ts'
import { median, row } from './report.ts'
import { peakSignalToNoise, structuralSimilarity } from './similarity.ts'

/**
 * What Turbo saves and costs on the starter: the time of the U-Net, and how near the pictures of ten prompts come to the
 * exact ones, drawn one after the other so that what else the machine does falls on both. `--model starter-fast`,
 * `--steps N`. Of transformers, how far the prediction of a tiny one is (random weights, which have no pictures). At full size: `npm run bench -- unet --turbo` beside `npm run bench -- unet`.
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: { model: { type: 'string', default: 'starter' }, steps: { type: 'string' } },
})
const prompts = [
  'a red fox on a hill at sunset',
  'a green dragon on a castle',
  'an orange cat on a red chair',
  'a yellow duck in a blue hat',
  'three red balloons in the sky',
  'pixel art of a robot in the city',
  'a knight riding a white horse in a meadow',
  'a lighthouse by the sea at night',
  'a girl holding an umbrella in the rain',
  'watercolour of a penguin in the snow',
]
const path = fileURLToPath(new URL(`../../resources/models/${chosen.model}`, import.meta.url))
const exact = await openModel(path, 'cpu')
const turbo = await openModel(path, 'cpu', console.warn, true)
const tokenizers = await openTokenizers(exact)

// The first of each opens the networks.
await draw(exact, prompts[0], 0)
await draw(turbo, prompts[0], 0)
const pairs = []
for (const [index, prompt] of prompts.entries())
  pairs.push([await draw(exact, prompt, index), await draw(turbo, prompt, index)] as const)
const decibels = pairs.map(([one, other]) => peakSignalToNoise(one.pixels, other.pixels))
const alike = pairs.map(([one, other]) => structuralSimilarity(one.pixels, other.pixels))
const ratios = pairs.map(([one, other]) => other.evaluationMs / one.evaluationMs)
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
console.log(`${chosen.model}, turbo against exact, ${prompts.length} prompts, cpu`)
row('time of an evaluation, ratio (median)', median(ratios).toFixed(2))
row('PSNR, mean (worst)', `${mean(decibels).toFixed(1)} dB (${Math.min(...decibels).toFixed(1)})`)
row('SSIM, mean (worst)', `${mean(alike).toFixed(3)} (${Math.min(...alike).toFixed(3)})`)
await exact.release()
await turbo.release()

for (const [family, side] of transformers) {
  const { distance } = await turboDistance(family, side)
  row(`prediction of a tiny ${family}, off by`, `${(100 * distance).toFixed(2)} %`)
}

async function draw(
  model: Model,
  prompt: string,
  seed: number,
): Promise<{ pixels: Pixels; evaluationMs: number }> {
  const steps = chosen.steps === undefined ? {} : { steps: Number(chosen.steps) }
  const input = { ...model.info.defaults, ...steps, prompt }
  const request = { ...generationRequestSchema.parse(input), seed, width: 256, height: 256 }
  const before = { ...model.tallies.unet }
  const painting = paint(model, tokenizers, { request, index: 0, initImage: null, mask: null }, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (!done) continue
    const { runMs, runs } = model.tallies.unet
    return { pixels: value.pixels, evaluationMs: (runMs - before.runMs) / (runs - before.runs) }
  }
}
