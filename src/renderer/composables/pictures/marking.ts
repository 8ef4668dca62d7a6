import { useI18n } from 'vue-i18n'
import type { MarkChange, MarkedImage } from '../../../shared/library/marks.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'

/** Stars, rejected, tags and albums of pictures; every change can be taken back. */
export function useMarking() {
  const { t, n } = useI18n()
  const toasts = useToasts()

  async function mark(ids: readonly string[], change: MarkChange, said: string): Promise<void> {
    if (ids.length === 0) return
    const before = await toasts.attempt(() => studio.mark([...ids], change))
    if (!before || before.length === 0) return
    toasts.show({ message: said, action: { label: t('action.undo'), run: () => void takeBack(before) } })
  }

  async function takeBack(before: MarkedImage[]): Promise<void> {
    await toasts.attempt(() => studio.restoreMarks(before))
  }

  const counted = (ids: readonly string[]): { count: string } => ({ count: n(ids.length) })

  const rate = (ids: readonly string[], rating: number): Promise<void> =>
    mark(
      ids,
      { rating },
      rating === 0
        ? t('marks.unrated', counted(ids), ids.length)
        : t('marks.ratedAs', { ...counted(ids), rating }, ids.length),
    )

  const reject = (ids: readonly string[], isRejected: boolean): Promise<void> =>
    mark(
      ids,
      { isRejected },
      t(isRejected ? 'marks.rejectedToast' : 'marks.keptToast', counted(ids), ids.length),
    )

  /** Gives or takes a tag or puts into or out of an album. */
  function label(
    ids: readonly string[],
    kind: 'tag' | 'album',
    name: string,
    isGiven: boolean,
  ): Promise<void> {
    const change: MarkChange = {
      ...(kind === 'tag' && (isGiven ? { addTags: [name] } : { removeTags: [name] })),
      ...(kind === 'album' && (isGiven ? { addAlbums: [name] } : { removeAlbums: [name] })),
    }
    return mark(
      ids,
      change,
      t(`marks.${kind}${isGiven ? 'Given' : 'Taken'}`, { ...counted(ids), name }, ids.length),
    )
  }

  return { rate, reject, label }
}
