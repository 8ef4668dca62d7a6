import { withPromptsOf } from '../../shared/request/batch.ts'
import type { EngineTask, Pixels } from '../../shared/engine/engineContract.ts'
import type { Mix } from '../../shared/engine/engineLooks.ts'
import { paint, type Stage } from '../pipeline.ts'
import type { Opened } from '../predictions.ts'

/**
 * A task's first image with another request mixed in, first pass alone; of a branch into its first leg. `open` gives the model
 * of each leg, `tell` hears of every stage.
 */
export async function drawMix(
  open: (leg: number) => Promise<Opened>,
  { request, initImage, mask, references = [], controls }: EngineTask,
  mix: Mix,
  { tell, stopIfCancelled }: { tell: (stage: Stage) => void; stopIfCancelled: () => void },
): Promise<Pixels> {
  const { model, tokenizers } = await open(0)
  const first = { ...withPromptsOf(request, 0), hires: null }
  const subject = { request: first, index: 0, initImage, mask, references, controls, mix, open }
  const painting = paint(model, tokenizers, subject, stopIfCancelled)
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return value.pixels
    tell(value)
  }
}
