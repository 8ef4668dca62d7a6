import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openModel } from '../../src/engine/model/openModel.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import { inEnglish } from '../../src/shared/notices.ts'
import { transformers, turboDistance } from '../../tests/engine/model/turboDistance.ts'
import { row } from './report.ts'
import { compareTenPictures } from './tenPictures.ts'

/**
 * What Turbo saves and costs on the starter: the time of the U-Net, and how near the pictures of ten prompts come to the
 * exact ones. `--model starter-fast`,
 * `--steps N`. Of transformers, how far the prediction of a tiny one is (random weights, which have no pictures). At full size: `npm run bench -- unet --turbo` beside `npm run bench -- unet`.
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: { model: { type: 'string', default: 'starter' }, steps: { type: 'string' } },
})
const path = fileURLToPath(new URL(`../../resources/models/${chosen.model}`, import.meta.url))
const exact = await openModel(path, 'cpu')
const turbo = await openModel(path, 'cpu', (...says) => console.warn(inEnglish(says)), true)
console.log(`${chosen.model}, turbo against exact, ten prompts, cpu`)
const steps = chosen.steps === undefined ? undefined : Number(chosen.steps)
await compareTenPictures(exact, turbo, await openTokenizers(exact), steps)
await exact.release()
await turbo.release()

for (const [family, side] of transformers) {
  const { distance } = await turboDistance(family, side)
  row(`prediction of a tiny ${family}, off by`, `${(100 * distance).toFixed(2)} %`)
}
