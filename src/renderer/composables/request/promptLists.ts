import { useI18n } from 'vue-i18n'
import { assetPaths } from '../../../shared/assetPaths.ts'
import type { TakenList } from '../../../shared/calls/promptCalls.ts'
import { useModels } from '../../stores/models.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'
import { send } from './upload.ts'

/** Files that prompts draw from: lists of tags and of styles, and wildcards. */
export const promptListFormats = '.csv,.txt'

export const isPromptList = ({ name }: File): boolean => /\.(?:csv|txt)$/i.test(name)

/** Takes files in that prompts draw from; what came of each is said, and can be taken back. */
export function usePromptLists() {
  const { t, n } = useI18n()
  const models = useModels()
  const toasts = useToasts()

  async function remove({ kind, name }: TakenList): Promise<void> {
    await toasts.attempt(() => studio.removeList({ kind, name }))
    if (kind === 'styles') await toasts.attempt(models.readStyles)
  }

  async function take(file: File): Promise<void> {
    const taken = await send<TakenList>(assetPaths.list(file.name), file)
    const { kind, name, count, isNew } = taken
    if (!isNew) return toasts.show({ message: t('lists.known', { name: file.name }) })
    if (kind === 'styles') await models.readStyles()
    const message = t(`lists.taken.${kind}`, { name, count: n(count) }, count)
    toasts.show({ message, action: { label: t('action.undo'), run: () => void remove(taken) } })
  }

  async function takeLists(files: readonly File[]): Promise<void> {
    for (const file of files) await toasts.attempt(() => take(file))
  }

  return { takeLists }
}
