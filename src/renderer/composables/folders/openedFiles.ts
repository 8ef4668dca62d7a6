import { watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { OpenedFile } from '../../../shared/calls/shellCalls.ts'
import { useConnection } from '../../stores/connection.ts'
import { useFiles } from '../../stores/files.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'
import { useModelFolders } from './modelFolders.ts'
import { goTo } from '../frame/place.ts'
import { useStartPicture } from '../../stores/startPicture.ts'

/**
 * Shows what was opened with the program: a picture as the one to start from, with the settings its file tells of; a model
 * file where it stands among the models, or else its folder is offered to be looked in.
 */
export function useOpenedFiles(): void {
  const { t } = useI18n()
  const connection = useConnection()
  const files = useFiles()
  const folders = useModelFolders()
  const start = useStartPicture()
  const toasts = useToasts()

  async function showModel(path: string): Promise<void> {
    goTo('models')
    await files.refresh()
    const known = files.files.find((file) => file.path === path)
    if (known) {
      files.showAll()
      files.selectedId = known.id
      return
    }
    const folder = path.replace(/[\\/][^\\/]*$/, '')
    toasts.show({
      message: t('opened.elsewhere', { path }),
      action: { label: t('opened.addFolder'), run: () => void addFolder(folder, path) },
    })
  }

  async function addFolder(folder: string, path: string): Promise<void> {
    if (!(await folders.add(folder))) return
    await files.refresh()
    files.selectedId = files.files.find((file) => file.path === path)?.id ?? null
  }

  async function show(opened: OpenedFile): Promise<void> {
    if (opened.kind === 'problem') return toasts.show({ message: opened.error.message, error: opened.error })
    if (opened.kind === 'model') return showModel(opened.path)
    goTo('create')
    await start.takeUrl(opened.url)
  }

  watch(
    () => [connection.state, connection.timesOpened] as const,
    async ([state]) => {
      if (state !== 'connected') return
      const opened = (await toasts.attempt(() => studio.openedFiles())) ?? []
      for (const file of opened) await toasts.attempt(() => show(file))
    },
    { immediate: true },
  )
}
