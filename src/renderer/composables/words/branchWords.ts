import { useI18n } from 'vue-i18n'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { EarlierLeg } from '../../../shared/request/branch.ts'

/** A setting that a branch changed. */
export interface Change {
  field: 'prompt' | 'negativePrompt' | 'guidanceScale' | 'sampler' | 'model' | 'laterSeed'
  from: string | number
  to: string | number
}

const turned = ['prompt', 'negativePrompt', 'guidanceScale', 'sampler', 'model'] as const

/** What a branch does in another way than it was done before; empty for a picture that is none. */
export function changesOf({ request }: Pick<ImageRecord, 'request'>): Change[] {
  const before: EarlierLeg | undefined = request.branch?.before.at(-1)
  if (!before) return []
  const changed = turned
    .filter((field) => request[field] !== before[field])
    .map((field) => ({ field, from: before[field], to: request[field] }))
  const seed = request.branch!.laterSeed
  return [...changed, ...(seed === null ? [] : [{ field: 'laterSeed' as const, from: '', to: seed }])]
}

/** What branches change, in words. */
export function useBranchWords() {
  const { t } = useI18n()

  function sayChanges(image: Pick<ImageRecord, 'request'>): string {
    const changes = changesOf(image).map(({ field, to }) =>
      t(`details.branchTo.${field}`, { to: to === '' ? '–' : to }),
    )
    return changes.join(' · ') || t('details.branchUnchanged')
  }

  const sayBranch = (image: Pick<ImageRecord, 'request'>): string =>
    t('details.branchSaid', {
      at: (image.request.branch?.before.at(-1)?.until ?? 0) + 1,
      changes: sayChanges(image),
    })

  return { sayChanges, sayBranch }
}
