import { onScopeDispose, shallowRef, watch } from 'vue'
import { studio } from '../studio.ts'
import { packFloat32 } from './numbers.ts'
import type { Seen } from './pictureLatents.ts'

/** Ms without a change after which a decoder draws. */
const rest = 180
const mostKept = 64

/** A picture that is kept nowhere else. */
export interface Drawn {
  /** Of the file in this window. */
  url: string
  file: Blob
}

/**
 * What the decoder makes of the latents once they rest; null while they move. Pictures that were drawn come back at once.
 */
export function useRestingPicture(
  where: () => { key: string; model: string; shape: Seen['shape']; latents: () => Float32Array } | null,
) {
  const picture = shallowRef<Drawn | null>(null)
  const drawn = new Map<string, Drawn>()
  let timer = 0
  let wanted = ''

  watch(
    () => where()?.key ?? '',
    (key) => {
      clearTimeout(timer)
      wanted = key
      picture.value = drawn.get(key) ?? null
      if (key !== '' && picture.value === null) timer = window.setTimeout(() => void draw(key), rest)
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
    keep(key, await answer.blob())
    if (wanted === key) picture.value = drawn.get(key) ?? null
  }

  function keep(key: string, file: Blob): void {
    drawn.set(key, { url: URL.createObjectURL(file), file })
    const [oldest] = drawn
    if (drawn.size <= mostKept || !oldest) return
    drawn.delete(oldest[0])
    URL.revokeObjectURL(oldest[1].url)
  }

  onScopeDispose(() => {
    clearTimeout(timer)
    for (const { url } of drawn.values()) URL.revokeObjectURL(url)
  })
  return picture
}
