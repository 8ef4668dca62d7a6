import { useMediaQuery } from '@vueuse/core'
import type { Ref } from 'vue'

/** Whether there is so much room that pictures in rows grow, up to what a thumbnail has. */
export const useLargeScreen = (): Ref<boolean> => useMediaQuery('(min-width: 2400px)')
