import { useEventListener } from '@vueuse/core'
import { ref } from 'vue'

export const places = ['create', 'library', 'models', 'lab'] as const
export type Place = (typeof places)[number]

/** A page may have addresses of its own below its name. */
const readPlace = (): Place =>
  places.find((place) => place === location.hash.slice(1).split(/[/?]/)[0]) ?? 'create'
const place = ref<Place>(readPlace())

/** Which page shows. It is the address's fragment, so that back, forward and reload do what a person expects. */
export function usePlace() {
  useEventListener(window, 'hashchange', () => (place.value = readPlace()))
  return place
}

export function goTo(wanted: Place): void {
  location.hash = wanted
  place.value = wanted
}
