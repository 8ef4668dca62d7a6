import type { StoredJob } from './jobStore.ts'

/** Which images of a job are done: the first ones, and where they are drawn side by side those further on. */
type Done = Pick<StoredJob, 'imagesDone' | 'imagesAhead'>

/** The images that are still to be drawn, in order. */
export const imagesLeft = ({ imagesDone, imagesAhead, request }: StoredJob): number[] =>
  Array.from({ length: Math.max(0, request.batchSize - imagesDone) }, (_, i) => imagesDone + i).filter(
    (index) => !imagesAhead?.includes(index),
  )

/** With one more image done. Where they are drawn in order, those before it are too, and may have been deleted. */
export function withImage({ imagesDone, imagesAhead }: Done, index: number): Done {
  if (imagesAhead === null) return { imagesDone: Math.max(imagesDone, index + 1), imagesAhead }
  const ahead = new Set([...imagesAhead, index])
  let first = imagesDone
  while (ahead.has(first)) first++
  return { imagesDone: first, imagesAhead: [...ahead].filter((other) => other > first) }
}
