import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ModelMatch } from '../../shared/models/models.ts'
import type { Generation } from '../../shared/library/generation.ts'
import { takeOver, type Replaced, type TakenOver } from '../../shared/library/takeOver.ts'
import { useForm } from './form.ts'
import { findFilesOf, withFilesHere, type FoundFile } from '../composables/request/foundFiles.ts'
import { modelTitle } from '../composables/words/modelTitle.ts'
import { studio } from '../studio.ts'

interface TakenOverReport extends Omit<TakenOver, 'request'> {
  source: string
  files: FoundFile[]
  /** The model that the file names, how it was found here, and the one that is chosen now. */
  model: { made: string; hash: string | null; by: ModelMatch['by'] | null; here: string } | null
}

/** What became of the settings that were taken over last, until it is dismissed. */
export const useTakenOver = defineStore('takenOver', () => {
  const form = useForm()
  const report = shallowRef<TakenOverReport | null>(null)

  /** Makes a file's own settings the next request, and keeps what could not be taken over. */
  async function take(generation: Generation): Promise<void> {
    const made = generation.model
    const match = made && (await studio.findModel(made).catch(() => null))
    const { request, replaced, left, ...rest } = takeOver(generation)
    const files = await findFilesOf(generation)
    const fitted = form.takeFound(withFilesHere(request, files), match?.id ?? null)
    const isFitted = (field: string): boolean => fitted.some((one) => one.field === field)
    // What was already brought within the limits, and then to what the model makes, is said once.
    const asWritten = (one: Replaced): Replaced => ({
      ...(replaced.find(({ field }) => field === one.field) ?? one),
      taken: one.taken,
    })
    report.value = {
      ...rest,
      left: left.filter(({ file }) => !file),
      files,
      source: generation.source,
      replaced: [...replaced.filter(({ field }) => !isFitted(field)), ...fitted.map(asWritten)],
      model: made && {
        made: made.name,
        hash: made.hash,
        by: match?.by ?? null,
        here: form.model ? modelTitle(form.model) : form.request.model,
      },
    }
  }

  return { report, take }
})
