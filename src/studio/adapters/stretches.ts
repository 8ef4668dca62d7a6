import { isDeepStrictEqual } from 'node:util'
import { withPromptsOf } from '../../shared/request/batch.ts'
import { loraTags, readsTags } from '../../shared/prompt/loraTags.ts'
import type { Adapter } from '../../shared/request/adapters.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { usedFile } from '../../shared/request/usedFiles.ts'

/** The adapters of one image, those of its prompt first. Tags that no file was found for are not among them. */
function adaptersOf({ prompt, seedConvention, adapters, files }: ResolvedRequest): Adapter[] {
  const tags = readsTags(seedConvention) ? loraTags(prompt) : []
  return [
    ...tags
      .filter(({ name }) => usedFile(files, 'lora', name))
      .map(({ name, unet, text, blocks }) => ({ name, unet, text, blocks })),
    ...adapters,
  ]
}

/** Images of a batch, one after the other, that have the same adapters. */
interface Stretch {
  first: number
  /** The image behind its last one. */
  end: number
  adapters: Adapter[]
}

/** The images of a request from one on in stretches of the same adapters: choices of a prompt may bring in others. */
export const stretchesFrom = (first: number, request: ResolvedRequest): Stretch[] =>
  stretchesOf(
    Array.from({ length: request.batchSize - first }, (_, i) => first + i),
    request,
  )

/** Some images of a request likewise, in their order. */
export function stretchesOf(images: readonly number[], request: ResolvedRequest): Stretch[] {
  const stretches: Stretch[] = []
  for (const image of images) {
    const adapters = adaptersOf(withPromptsOf(request, image))
    const last = stretches.at(-1)
    if (last?.end === image && isDeepStrictEqual(last.adapters, adapters)) last.end = image + 1
    else stretches.push({ first: image, end: image + 1, adapters })
  }
  return stretches
}

/** A request up to an image of its batch, which stays one of as many as before. */
export const upTo = (end: number, request: ResolvedRequest): ResolvedRequest =>
  end === request.batchSize
    ? request
    : { ...request, batchSize: end, batchOf: request.batchOf ?? request.batchStart + request.batchSize }
