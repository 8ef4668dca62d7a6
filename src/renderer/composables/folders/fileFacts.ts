import { useI18n } from 'vue-i18n'
import type { FileDetails, OwnedFile } from '../../../shared/models/ownedFile.ts'
import { familyName } from '../../../shared/models/families.ts'
import { useByteWords } from '../words/byteWords.ts'
import type { Row } from '../words/parameters.ts'
import { useWords } from '../words/words.ts'

/** What is known of a file as labelled rows; those that nothing is known for are left out. */
export function useFileFacts() {
  const { t } = useI18n()
  const { moment } = useWords()
  const bytes = useByteWords()

  return (file: OwnedFile, details: FileDetails | null): Row[] => {
    const rows: [name: string, value: string | null | undefined, full?: string | null][] = [
      ['family', familyName(file.family)],
      ['base', file.baseModel],
      ['size', file.size > 0 ? bytes(file.size) : null],
      ['changed', file.modifiedAt > 0 ? moment(file.modifiedAt) : null],
      ['stored', details?.dtype],
      ['trainedAt', details?.resolution],
      ['author', details?.author],
      ['license', details?.license],
      ['strength', details?.strength?.toString()],
      ['negative', details?.negativeText],
      ['hint', details?.usageHint],
      ['tags', details?.tags.slice(0, 20).join(', ')],
      ['path', file.builtIn ? t('models.builtIn') : file.path],
      ['sources', details?.sources.join(', ')],
      ['sha256', file.size > 0 ? (file.hash?.slice(0, 10) ?? t('models.hashPending')) : null, file.hash],
    ]
    return rows
      .filter(([, value]) => value)
      .map(([name, value, full]) => ({
        label: t(`models.fact.${name}`),
        value: value!,
        ...(full && { full }),
      }))
  }
}
