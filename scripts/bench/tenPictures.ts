import { paint } from '../../src/engine/pipeline.ts'
import type { Model } from '../../src/engine/model/model.ts'
import type { Tokenizer } from '../../src/engine/text/tokenizer.ts'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { peakSignalToNoise, structuralSimilarity } from './similarity.ts'
import { median, row } from './report.ts'
import { tenPrompts } from './tenPrompts.ts'

/**
 * Prints how near ten pictures of `other` come to those of `one`, and the ratio of their times of an evaluation. They are drawn
 * in turn, so that what else the machine does falls on both.
 */
export async function compareTenPictures(
  one: Model,
  other: Model,
  tokenizers: readonly Tokenizer[],
  steps?: number,
): Promise<void> {
  const drawBoth = async (prompt: string, seed: number) =>
    [
      await draw(one, tokenizers, prompt, seed, steps),
      await draw(other, tokenizers, prompt, seed, steps),
    ] as const
  // The first of each opens the networks.
  await drawBoth(tenPrompts[0], 0)
  const pairs = []
  for (const [index, prompt] of tenPrompts.entries()) pairs.push(await drawBoth(prompt, index))
  const decibels = pairs.map(([a, b]) => peakSignalToNoise(a.pixels, b.pixels))
  const alike = pairs.map(([a, b]) => structuralSimilarity(a.pixels, b.pixels))
  row(
    'time of an evaluation, ratio (median)',
    median(pairs.map(([a, b]) => b.evaluationMs / a.evaluationMs)).toFixed(2),
  )
  row('PSNR, mean (worst)', `${mean(decibels).toFixed(1)} dB (${Math.min(...decibels).toFixed(1)})`)
  row('SSIM, mean (worst)', `${mean(alike).toFixed(3)} (${Math.min(...alike).toFixed(3)})`)
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

async function draw(
  model: Model,
  tokenizers: readonly Tokenizer[],
  prompt: string,
  seed: number,
  steps: number | undefined,
): Promise<{ pixels: Pixels; evaluationMs: number }> {
  const input = { ...model.info.defaults, ...(steps !== undefined && { steps }), prompt }
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
