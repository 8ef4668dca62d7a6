import type { ImageRecord } from '../../shared/library/history.ts'
import type { PastPrompt } from '../../shared/calls/promptCalls.ts'
import type { History } from './history.ts'

const pageSize = 100
/** One prompt may have made thousands of pictures in a row: so far back they are looked through. */
const mostPages = 20

/** The different prompts of the newest pictures that a search finds, as they were written, at most `limit`. */
export function pastPrompts(history: Pick<History, 'page'>, search: string, limit: number): PastPrompt[] {
  const found = new Map<string, PastPrompt>()
  let cursor: string | null = null
  for (let page = 0; page < mostPages && found.size < limit; page++) {
    const { items, nextCursor } = history.page({ search, cursor, limit: pageSize, trashed: false })
    for (const image of items) {
      const past = promptOf(image)
      const key = JSON.stringify([past.prompt, past.negativePrompt])
      if (past.prompt.trim() !== '' && !found.has(key) && found.size < limit) found.set(key, past)
    }
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return [...found.values()]
}

const promptOf = ({ id, request, thumbnailUrl, createdAt }: ImageRecord): PastPrompt => ({
  prompt: request.promptTemplate ?? request.prompt,
  negativePrompt: request.negativePromptTemplate ?? request.negativePrompt,
  imageId: id,
  thumbnailUrl,
  createdAt,
})
