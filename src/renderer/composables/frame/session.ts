import { useSessionStorage } from '@vueuse/core'

/** When this window was first opened, in ms since 1970: reloading it begins no other session. */
export const sessionStart = useSessionStorage('latent-studio.session-start', performance.timeOrigin)
