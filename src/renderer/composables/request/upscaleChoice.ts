import { useLocalStorage } from '@vueuse/core'
import { builtInUpscaler } from '../../../shared/models/upscalers.ts'
import { usualScale } from '../../stores/larger.ts'

/** How a picture that is there is enlarged: as the last one was. */
export const useUpscaleChoice = () => ({
  upscaler: useLocalStorage<string>('latent-studio.upscaler', builtInUpscaler),
  scale: useLocalStorage('latent-studio.upscale-by', usualScale),
})
