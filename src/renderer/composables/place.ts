import { useEventListener } from '@vueuse/core'
import { ref } from 'vue'

export const places = ['create', 'library', 'models'] as const
export type Place = (typeof places)[number]

const readPlace = (): Place => places.find((place) => location.hash === `#${place}`) ?? 'create'
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
