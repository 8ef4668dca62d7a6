import { onScopeDispose, shallowRef, watch } from 'vue'
import { studio } from '../../studio.ts'
import { packFloat32 } from '../numbers.ts'
import type { Seen } from './pictureLatents.ts'

/** Ms without a change after which a decoder draws. */
const rest = 180
const mostKept = 64

/**
 * What the decoder makes of the latents once they rest: a blob's address, or null while they move. Pictures that were
 * drawn come back at once.
 */
export function useRestingPicture(
  where: () => { key: string; model: string; shape: Seen['shape']; latents: () => Float32Array } | null,
) {
  const url = shallowRef<string | null>(null)
  const drawn = new Map<string, string>()
  let timer = 0
  let wanted = ''

  watch(
    () => where()?.key ?? '',
    (key) => {
      clearTimeout(timer)
      wanted = key
      url.value = drawn.get(key) ?? null
      if (key !== '' && url.value === null) timer = window.setTimeout(() => void draw(key), rest)
    },
    { immediate: true },
  )

  async function draw(key: string): Promise<void> {
    const at = where()
    if (!at || at.key !== key) return
    const latents = { ...at.shape, data: packFloat32(at.latents()) }
    // Where a job runs, or the decoder fails, the coarse picture stays.
    const address = await studio.decodeLatents({ model: at.model, latents }).catch(() => null)
    if (address === null) return
    const answer = await fetch(address)
    if (answer.status !== 200) return
    keep(key, URL.createObjectURL(await answer.blob()))
    if (wanted === key) url.value = drawn.get(key) ?? null
  }

  function keep(key: string, address: string): void {
    drawn.set(key, address)
    const [oldest] = drawn
    if (drawn.size <= mostKept || !oldest) return
    drawn.delete(oldest[0])
    URL.revokeObjectURL(oldest[1])
  }

  onScopeDispose(() => {
    clearTimeout(timer)
    for (const address of drawn.values()) URL.revokeObjectURL(address)
  })
  return url
}
