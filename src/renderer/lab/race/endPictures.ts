import { onScopeDispose, shallowRef, watch } from 'vue'
import { studio } from '../../studio.ts'
import { packFloat32 } from '../numbers.ts'

/** Where a run ended. */
export interface End {
  key: string
  shape: { channels: number; height: number; width: number }
  latents: Float32Array
}

/** What the decoder makes of where runs ended, one after the other, while `ends` names any; addresses by key. */
export function useEndPictures(model: () => string, ends: () => readonly End[]) {
  const pictures = shallowRef<ReadonlyMap<string, string>>(new Map())
  let asked = 0

  async function draw(): Promise<void> {
    const own = ++asked
    for (const { key, shape, latents } of ends()) {
      if (pictures.value.has(key)) continue
      const { channels, height, width } = shape
      const packed = { channels, height, width, data: packFloat32(latents) }
      // Where a job runs, or the decoder fails, the coarse picture stays.
      const address = await studio.decodeLatents({ model: model(), latents: packed }).catch(() => null)
      const answer = address === null ? null : await fetch(address)
      if (own !== asked || answer?.status !== 200) return
      const url = URL.createObjectURL(await answer.blob())
      pictures.value = new Map([...pictures.value, [key, url]])
    }
  }

  watch(
    () =>
      ends()
        .map(({ key }) => key)
        .join('\n'),
    () => void draw(),
    { immediate: true },
  )
  onScopeDispose(() => {
    asked++
    for (const url of pictures.value.values()) URL.revokeObjectURL(url)
  })
  return pictures
}
