import type { Model } from './model/model.ts'
import { paint, type Subject } from './pipeline.ts'
import type { Tokenizer } from './text/tokenizer.ts'

/**
 * Reads the text and opens the U-Net of a subject without pictures, up to its first evaluation and not further: whoever
 * paints it next finds all that open.
 */
export async function prepare(
  model: Model,
  tokenizers: readonly Tokenizer[],
  subject: Pick<Subject, 'request'>,
): Promise<void> {
  const isOpen = new Error('The first evaluation would begin.')
  const painting = paint(model, tokenizers, { ...subject, index: 0, initImage: null, mask: null }, () => {
    throw isOpen
  })
  try {
    for await (const stage of painting) void stage
  } catch (error) {
    if (error !== isOpen) throw error
  }
}
