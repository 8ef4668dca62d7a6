import type { ImageRecord } from '../../../shared/library/history.ts'
import type { Progress } from '../../../shared/queue/jobs.ts'
import type { GenerationRequestInput } from '../../../shared/request/request.ts'
import { drawPictures } from '../drawPictures.ts'
import type { Studio } from '../../studio.ts'
import { base64Of } from '../base64Of.ts'
import type { Asked } from './schemas.ts'

interface StreamedEvent {
  type: string
  b64_json: string
  [field: string]: unknown
}

interface Streaming {
  said: Partial<Asked>
  warnings: readonly string[]
  kind: 'image_generation' | 'image_edit'
  signal: AbortSignal
}

/**
 * The events of a streamed call: up to `partial_images` previews in JPEG, evenly over the steps, then each picture in the
 * format asked for. The job is cancelled when nobody listens any more.
 */
export async function* partialImages(
  studio: Studio,
  request: GenerationRequestInput,
  { said, warnings, kind, signal }: Streaming,
): AsyncGenerator<StreamedEvent> {
  const most = said.partial_images ?? 0
  const format = said.output_format ?? 'png'
  const waiting: Progress[] = []
  let woken = Promise.withResolvers<void>()
  const stopped = new AbortController()
  let ended: { images: ImageRecord[] } | { error: unknown } | null = null
  const drawn = drawPictures(studio, request, {
    signal: AbortSignal.any([signal, stopped.signal]),
    onProgress(_jobId, progress) {
      if (most > 0 && progress.previewUrl !== null) waiting.push(progress)
      woken.resolve()
    },
  }).then(
    (images) => (ended = { images }),
    (error: unknown) => (ended = { error }),
  )
  void drawn.finally(() => woken.resolve())
  const about = { created_at: Math.floor(Date.now() / 1000), output_format: format, background: 'opaque' }
  const described = { ...about, quality: said.quality ?? 'auto', size: said.size ?? 'auto' }
  let told = 0
  try {
    while (ended === null) {
      await woken.promise
      woken = Promise.withResolvers()
      const newest = waiting.splice(0).at(-1)
      if (!newest || told >= most || newest.step < ((told + 1) * newest.steps) / (most + 1)) continue
      const b64_json = await base64Of(studio, newest.previewUrl!).catch(() => null)
      if (b64_json) {
        const preview = { output_format: 'jpeg', b64_json, partial_image_index: told++ }
        yield { type: `${kind}.partial_image`, ...described, ...preview }
      }
    }
    const result = ended as { images: ImageRecord[] } | { error: unknown }
    if ('error' in result) throw result.error
    for (const { id } of result.images) {
      const path = `/images/${id}.${format === 'jpeg' ? 'jpg' : format}`
      yield {
        type: `${kind}.completed`,
        ...described,
        b64_json: await base64Of(studio, path),
        usage,
        warnings,
      }
    }
  } finally {
    stopped.abort()
    await drawn
  }
}

/** Nothing is counted in tokens here. */
const usage = {
  ...{ input_tokens: 0, output_tokens: 0, total_tokens: 0 },
  input_tokens_details: { text_tokens: 0, image_tokens: 0 },
}
