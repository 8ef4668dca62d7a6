import type { Model } from '../../../src/engine/model/model.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { paint } from '../../../src/engine/pipeline.ts'
import { openTokenizers } from '../../../src/engine/text/textEmbeddings.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'

const asked = {
  ...{ prompt: 'a cat', steps: 2, guidanceScale: 1, sampler: 'Model default', schedule: 'Model default' },
  ...{ width: 64, height: 64, seed: 7 },
} as const

/** The pixels of a small picture by a model of a transformer. */
export async function paintedBy(model: Model): Promise<Uint8Array> {
  const request = { ...generationRequestSchema.parse(asked), seed: 7, width: 64, height: 64 }
  const subject = { request, index: 0, initImage: null, mask: null }
  const painting = paint(model, await openTokenizers(model), subject, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return value.pixels.data
  }
}

export async function painted(path: string): Promise<Uint8Array> {
  const model = await openModel(path, 'cpu')
  try {
    return await paintedBy(model)
  } finally {
    await model.release()
  }
}
