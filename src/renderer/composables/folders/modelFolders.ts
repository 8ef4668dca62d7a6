import { useI18n } from 'vue-i18n'
import { useSettings } from '../../stores/settings.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'

/** Takes folders to look for models in, and lets go of them. */
export function useModelFolders() {
  const { t } = useI18n()
  const settings = useSettings()
  const toasts = useToasts()

  const set = (modelFolders: string[]): Promise<unknown> =>
    toasts.attempt(() => settings.change({ modelFolders }))

  /** Answers whether it is looked in now; why not is said. */
  async function add(path: string): Promise<boolean> {
    const look = await toasts.attempt(() => studio.lookAtFolder(path))
    if (!look) return false
    if (look.problem && !look.tool) {
      toasts.show({ message: look.problem, error: { code: 'not-found', message: look.problem } })
      return false
    }
    const { modelFolders } = settings.settings
    if (!modelFolders.includes(path)) await set([...modelFolders, path])
    return true
  }

  function remove(folder: string): void {
    const before = settings.settings.modelFolders
    void set(before.filter((known) => known !== folder))
    const action = { label: t('action.undo'), run: () => void set(before) }
    toasts.show({ message: t('models.removed', { folder }), action })
  }

  return { add, remove }
}
