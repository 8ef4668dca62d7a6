import { onScopeDispose } from 'vue'
import type { PictureLatents } from '../../../shared/calls/labCalls.ts'
import { studio } from '../../studio.ts'
import { useLook } from '../look.ts'
import { numbersOf, type Seen } from '../pictureLatents.ts'

/** Two pictures as the same model sees them, the second at the size of the first. */
export interface SeenPair {
  key: string
  one: Seen
  other: Seen
}

/** Asks for the latents of both, one after the other: two questions at once would overtake each other. */
export function usePairLatents(asked: () => { model: string; one: string; other: string }) {
  const key = (): string => {
    const { model, one, other } = asked()
    return model && one && other ? JSON.stringify([model, one, other]) : ''
  }
  let left = false
  onScopeDispose(() => (left = true))
  return useLook<SeenPair>(key, async () => {
    const { model, one, other } = asked()
    const now = key()
    const first = await studio.latents({ model, imageId: one })
    // What is asked for meanwhile must not be overtaken.
    if (!first || left || key() !== now) return null
    const { width, height } = first
    const second = await studio.latents({ model, imageId: other, size: { width, height } })
    return second && { key: now, one: seenAs('one', first), other: seenAs('other', second) }
  })
}

const seenAs = (key: string, answer: PictureLatents): Seen => ({ ...answer, ...numbersOf(answer), key })
