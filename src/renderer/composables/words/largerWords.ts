import { useI18n } from 'vue-i18n'
import type { Hires, Upscale } from '../../../shared/request/passes.ts'
import { useNumberWords } from './numberWords.ts'

/** How a picture became larger, in a line. */
export function useLargerWords() {
  const { t } = useI18n()
  const { plain } = useNumberWords()

  const sayUpscale = ({ upscaler, scale }: Upscale): string => `${plain(scale)} × ${upscaler}`

  /** "2 × RDN-2x · 10 steps · strength 0.5": what a second pass does otherwise than the first, its prompts aside. */
  function sayHires({ upscaler, scale, width, height, ...pass }: Hires): string {
    const isSized = width !== null || height !== null
    const said = [
      isSized ? `${width ?? '…'} × ${height ?? '…'} ${upscaler}` : sayUpscale({ upscaler, scale }),
      pass.steps > 0 ? t('larger.said.steps', { n: pass.steps }) : null,
      t('larger.said.strength', { n: pass.denoiseStrength }),
      pass.sampler,
      pass.schedule,
      pass.guidanceScale === null ? null : t('larger.said.guidance', { n: pass.guidanceScale }),
    ]
    return said.filter((part) => part !== null).join(' · ')
  }

  return { sayHires, sayUpscale }
}
