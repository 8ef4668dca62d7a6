import { expect, test } from '@playwright/test'
import { startApp, type RunningApp } from './app.ts'

interface Item {
  label?: string
  role?: string
  type?: string
  submenu?: Item[]
}

let app: RunningApp

test.afterEach(() => app.stop())

const menu = async (): Promise<Item[]> => (await app.told('menu')) as Item[]
const labelled = (items: readonly Item[]): (string | undefined)[] =>
  items.flatMap(({ label, type, submenu }) =>
    type === 'separator' ? [] : [label, ...labelled(submenu ?? [])],
  )

test('the menu speaks the language of the system, then that of the settings, in every word', async () => {
  app = await startApp(undefined, { STAND_IN_LOCALE: 'de-AT' })
  const german = labelled(await menu())
  expect(german).toEqual(expect.arrayContaining(['Datei', 'Neues Fenster', 'Ausschneiden', 'Neu laden']))
  expect(german).not.toContain(undefined)
  await app.call('changeSettings', { language: 'ja' })
  const japanese = labelled(await menu())
  expect(japanese).toEqual(expect.arrayContaining(['ファイル', '新しいウィンドウ', '切り取り', '再読み込み']))
  expect(japanese).not.toContain(undefined)
})

test('what goes wrong is said in the language of the settings', async () => {
  app = await startApp()
  await app.call('changeSettings', { language: 'es' })
  app.say('reject', 'nobody was there')
  expect(await app.told('failure')).toMatchObject({
    title: 'Algo ha fallado en Latent Studio',
    content: expect.stringMatching(/^nobody was there\n\nEl programa sigue/),
  })
})
