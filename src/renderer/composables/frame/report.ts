import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'
import { usePictureActions } from '../pictures/pictureActions.ts'

/** Copies what helps to find a fault. */
export function useReport(): () => Promise<void> {
  const toasts = useToasts()
  const { copy } = usePictureActions()
  return async () => {
    const report = await toasts.attempt(() => studio.report())
    if (report !== undefined) await copy(report)
  }
}
