import { useI18n } from 'vue-i18n'
import { useSettings } from '../../stores/settings.ts'
import { useToasts } from '../../stores/toasts.ts'

/** Takes folders of other programs' pictures into the library, and lets go of them. */
export function useImportFolders() {
  const { t } = useI18n()
  const settings = useSettings()
  const toasts = useToasts()

  /** Answers whether it was taken; why not is said. */
  async function set(importFolders: string[]): Promise<boolean> {
    const done = await toasts.attempt(() => settings.change({ importFolders }).then(() => true))
    return done ?? false
  }

  const add = (path: string): Promise<boolean> =>
    set([...settings.settings.importFolders.filter((known) => known !== path), path])

  function remove(folder: string): void {
    const before = settings.settings.importFolders
    void set(before.filter((known) => known !== folder))
    const action = { label: t('action.undo'), run: () => void set(before) }
    toasts.show({ message: t('imports.removed', { folder }), action })
  }

  return { add, remove }
}
