import type { EngineProgress, Pixels } from '../../../shared/engine/engineContract.ts'
import type { z } from 'zod'
import type { progressSchema } from '../wire.ts'

type Head = Omit<z.output<typeof progressSchema>, 'worker'>

/** How often the studio hears of an image at least and at most, and of its preview at most, in ms. */
const leastMs = 1000
const mostMs = 100
const previewMs = 1000

/**
 * Tells the studio where an image stands, from this process: the engine hears nothing while it computes. The answers say
 * whether the image is still wanted; `stop` is aborted when it is not.
 */
export function createReporter(
  post: (head: Head, bytes?: Uint8Array) => Promise<{ stop: boolean }>,
  stop: AbortController,
) {
  let newest: Omit<Head, 'preview'> = { phase: 'loading', step: 0, steps: 1, pass: null }
  let preview: Pixels | null = null
  let previewedAt = 0
  // It was told that the image was taken; one that is drawn at once tells of itself by its picture.
  let sentAt = performance.now()
  let isSending = false
  let hasNews = false

  async function send(): Promise<void> {
    if (isSending) return
    isSending = true
    hasNews = false
    sentAt = performance.now()
    const shown = sentAt - previewedAt >= previewMs ? preview : null
    if (shown) [preview, previewedAt] = [null, sentAt]
    const size = shown && { width: shown.width, height: shown.height }
    // A studio that is away hears of it later.
    const answer = await post({ ...newest, preview: size }, shown?.data).catch(() => null)
    isSending = false
    if (answer?.stop) stop.abort()
  }

  const sendNews = (): void => {
    if (hasNews && performance.now() - sentAt >= mostMs) void send()
  }
  const news = setInterval(sendNews, mostMs)
  const beat = setInterval(() => performance.now() - sentAt >= leastMs && void send(), leastMs / 2)

  return {
    progress({ phase, step, steps, pass }: EngineProgress): void {
      newest = { phase, step, steps, pass }
      hasNews = true
      sendNews()
    },
    preview: (pixels: Pixels): void => void (preview = pixels),
    end(): void {
      clearInterval(news)
      clearInterval(beat)
    },
  }
}
