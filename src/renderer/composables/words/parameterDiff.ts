import { useI18n } from 'vue-i18n'
import type { ImageRecord } from '../../../shared/library/history.ts'
import { useParameters } from './parameters.ts'

export interface DiffRow {
  label: string
  /** One for each picture. */
  values: string[]
}

/** What differs between pictures of all that they were made with: the prompts first. */
export function useParameterDiff() {
  const { t } = useI18n()
  const { settings, circumstances } = useParameters()
  /** Differ from picture to picture and say nothing of how it looks. */
  const ofTheFile = new Set([t('details.created'), t('details.took'), t('details.file')])

  function rowsOf(image: ImageRecord): Map<string, string> {
    const { main, rest } = settings(image.request, image.imported?.recorded)
    const { prompt, negativePrompt } = image.request
    const said = [
      { label: t('details.prompt'), value: prompt },
      { label: t('details.negativePrompt'), value: negativePrompt },
      ...main,
      ...rest,
      ...circumstances(image).filter(({ label }) => !ofTheFile.has(label)),
    ]
    return new Map(said.map(({ label, value }) => [label, value]))
  }

  return (images: readonly ImageRecord[]): DiffRow[] => {
    const all = images.map(rowsOf)
    const labels = [...new Set(all.flatMap((rows) => [...rows.keys()]))]
    return labels
      .map((label) => ({ label, values: all.map((rows) => rows.get(label) ?? '') }))
      .filter(({ values }) => new Set(values).size > 1)
  }
}
