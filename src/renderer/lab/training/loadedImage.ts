import { shallowRef, watchEffect } from 'vue'

/** The picture at an address, once it can be drawn. */
export function useLoadedImage(address: () => string) {
  const loaded = shallowRef<HTMLImageElement | null>(null)
  watchEffect(() => {
    const image = new Image()
    image.src = address()
    void image.decode().then(() => (loaded.value = image))
  })
  return loaded
}
