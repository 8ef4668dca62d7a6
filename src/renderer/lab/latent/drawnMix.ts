import { refDebounced } from '@vueuse/core'
import { computed, onScopeDispose } from 'vue'
import { studio } from '../../studio.ts'
import { useLook } from '../look.ts'
import type { Drawn } from '../restingPicture.ts'

type Asked = Parameters<typeof studio.mix>[0]

/** Ms without a change after which a run begins. */
const rest = 250
const mostKept = 48

/** The picture that a mixed run draws, once what is asked for rests; those drawn before come back at once. */
export function useDrawnMix(asked: () => Asked | null) {
  const drawn = new Map<string, Drawn>()
  const key = computed(() => {
    const now = asked()
    return now ? JSON.stringify(now) : ''
  })
  const rested = refDebounced(key, rest)

  async function draw(): Promise<{ key: string; picture: Drawn } | null> {
    const wanted = rested.value
    const known = drawn.get(wanted)
    if (known) return { key: wanted, picture: known }
    const address = await studio.mix(JSON.parse(wanted) as Asked)
    const answer = address === null ? null : await fetch(address)
    if (answer?.status !== 200) return null
    const file = await answer.blob()
    const picture = { url: URL.createObjectURL(file), file }
    drawn.set(wanted, picture)
    const [oldest] = drawn
    if (drawn.size > mostKept && oldest) {
      drawn.delete(oldest[0])
      URL.revokeObjectURL(oldest[1].url)
    }
    return { key: wanted, picture }
  }

  const look = useLook(() => rested.value, draw, { stays: (now) => now !== '' })
  /** What is seen is of before. */
  const isOld = computed(() => look.seen.value !== null && look.seen.value.key !== key.value)
  const drawnPicture = computed(() => look.seen.value?.picture ?? null)
  onScopeDispose(() => {
    for (const { url } of drawn.values()) URL.revokeObjectURL(url)
  })
  return { ...look, picture: drawnPicture, isOld }
}
