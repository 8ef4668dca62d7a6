import { shallowRef, watch } from 'vue'

/** Longest side of the copy that is counted. */
const counted = 256
/** Share of the pixels that automatic levels leave at each end. */
const clipped = 0.005

/** How many pixels of a picture have each brightness from 0 to 255 (Rec. 601); null until it is there. */
export function useTones(url: () => string) {
  const tones = shallowRef<Uint32Array | null>(null)
  watch(
    url,
    async (now) => {
      tones.value = null
      const found = await tonesOf(now).catch(() => null)
      if (url() === now) tones.value = found
    },
    { immediate: true },
  )
  return tones
}

async function tonesOf(url: string): Promise<Uint32Array> {
  const picture = new Image()
  picture.src = url
  await picture.decode()
  const scale = Math.min(1, counted / Math.max(picture.naturalWidth, picture.naturalHeight))
  const width = Math.max(1, Math.round(picture.naturalWidth * scale))
  const height = Math.max(1, Math.round(picture.naturalHeight * scale))
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(picture, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  const tones = new Uint32Array(256)
  for (let at = 0; at < data.length; at += 4)
    tones[Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2])]++
  return tones
}

/** Black and white where the picture begins and ends, but for half a percent of its pixels at each end. */
export function automaticLevels(tones: Uint32Array): { black: number; white: number } {
  const all = tones.reduce((sum, count) => sum + count, 0)
  const end = (from: number, step: 1 | -1): number => {
    let [at, passed] = [from, tones[from]]
    while (passed <= all * clipped) passed += tones[(at += step)]
    return at
  }
  const [black, white] = [end(0, 1), end(255, -1)]
  // A picture of one colour has no range to spread.
  return black < white ? { black, white } : { black: 0, white: 255 }
}
