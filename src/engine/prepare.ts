import { latentShape } from './latents.ts'
import type { Model } from './model/model.ts'
import { paint, type Subject } from './pipeline.ts'
import type { Tokenizer } from './text/tokenizer.ts'

/**
 * Reads the text of a subject without pictures and opens what draws it, the U-Net up to its first evaluation and not
 * further: whoever paints it next finds all that open. `stopIfCancelled` may throw between two of them.
 */
export async function prepare(
  model: Model,
  tokenizers: readonly Tokenizer[],
  { request }: Pick<Subject, 'request'>,
  stopIfCancelled: () => void,
): Promise<void> {
  const isOpen = new Error('The first evaluation would begin.')
  const subject = { request, index: 0, initImage: null, mask: null }
  const painting = paint(model, tokenizers, subject, () => {
    stopIfCancelled()
    throw isOpen
  })
  try {
    for await (const stage of painting) void stage
  } catch (error) {
    if (error !== isOpen) throw error
  }
  // A second pass is decoded at another size than its first previews.
  if (request.hires) return
  const { height, width } = latentShape(model, request)
  await model.rehearse(height, width)
}
