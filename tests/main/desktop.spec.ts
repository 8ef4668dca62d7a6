import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { root } from '../../scripts/build.ts'
import type { Page as HistoryPage } from '../../src/shared/library/history.ts'
import type { Job } from '../../src/shared/queue/jobs.ts'
import { startApp, type RunningApp } from './app.ts'

let app: RunningApp
let folder: string

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-desktop-'))
  app = await startApp(folder)
})

test.afterEach(async () => {
  await app.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const short = { prompt: 'my secret', steps: 1, device: 'cpu', width: 64, height: 64 }
const long = { prompt: 'a red house', steps: 200, device: 'cpu', batchSize: 8 }

const states = async (): Promise<string[]> => (await app.call<Job[]>('jobs')).map(({ state }) => state)
const pages = (): Page[] => app.page.context().pages()

test('another window shows the same studio; closing one of two asks nothing and ends nothing', async () => {
  app.say('menu', 'New Window')
  await app.told('shown')
  await expect.poll(() => pages().length).toBe(2)
  await expect(pages()[1].getByRole('button', { name: /generate/i })).toBeVisible()
  await app.call<Job>('enqueue', long)
  await expect(pages()[1].getByRole('progressbar')).toBeVisible()
  app.say('close')
  await app.told('closed')
  await expect.poll(states).toContain('running')
})

test('the last window can be closed while pictures go on being made; a second start brings one back', async () => {
  await app.call<Job>('enqueue', long)
  await expect.poll(states).toEqual(['running'])

  app.say('close')
  expect(await app.told('question')).toMatchObject({ buttons: ['Go on without a window', 'Quit', 'Cancel'] })
  app.say('question:answer', 2)
  await expect.poll(states).toEqual(['running'])

  app.say('close')
  await app.told('question')
  app.say('question:answer', 0)
  await app.told('closed')
  app.say('second-instance', { commandLine: ['latent-studio'], folder: '/' })
  await app.told('shown')
  await expect.poll(() => pages().at(-1)?.getByRole('progressbar').isVisible()).toBe(true)
})

test('without a window it ends by itself when the queue is done', async () => {
  await app.call<Job>('enqueue', { ...short, steps: 20, batchSize: 2, width: 256, height: 256 })
  await expect.poll(states).toEqual(['running'])
  app.say('close')
  await app.told('question')
  app.say('question:answer', 0)
  expect(await app.ended).toBe(0)
  app = await startApp(folder)
  expect(await states()).toEqual(['done'])
})

test('the taskbar shows how far a picture is, and a notification that it is ready where nobody looks', async () => {
  app.say('look away', true)
  await app.call<Job>('enqueue', short)
  const notification = await app.told('notification')
  expect(notification).toEqual({ title: 'The picture is ready', body: '' })
  const shown = [await app.told('progress')]
  while (shown.at(-1) !== -1) shown.push(await app.told('progress'))
  expect(shown[0]).toBe(2)
  expect(shown.some((fraction) => Number(fraction) > 0 && Number(fraction) <= 1)).toBe(true)
  app.say('notification')
  await app.told('focused')

  await app.call('changeSettings', { tellPrompts: true, language: 'zh' })
  await app.call<Job>('enqueue', short)
  expect(await app.told('notification')).toEqual({ title: '2 张图片已完成', body: 'my secret' })
})

test('nothing is notified while a window is looked at, nor where it is switched off', async () => {
  await app.call<Job>('enqueue', short)
  await expect.poll(states).toEqual(['done'])
  app.say('look away', true)
  await app.call('changeSettings', { notify: false })
  await app.call<Job>('enqueue', short)
  await expect.poll(states).toEqual(['done', 'done'])
  await app.call('changeSettings', { notify: true })
  await app.call<Job>('enqueue', short)
  expect(await app.told('notification')).toMatchObject({ title: 'The picture is ready' })
})

test('pictures are dragged out of the window as files, those that are selected together, and shown in their folder', async () => {
  await app.call<Job>('enqueue', { ...short, batchSize: 2 })
  await expect.poll(states).toEqual(['done'])
  const { items } = await app.call<HistoryPage>('history', {})
  await app.page.getByRole('link', { name: 'Library' }).click()
  const pictures = app.page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
  await expect(pictures).toHaveCount(2)
  const drag = (): Promise<boolean> =>
    pictures.first().evaluate((cell) => {
      const dataTransfer = new DataTransfer()
      return cell.dispatchEvent(new DragEvent('dragstart', { dataTransfer, bubbles: true, cancelable: true }))
    })
  expect(await drag(), 'the page drags nothing itself').toBe(false)
  expect(await app.told('dragged')).toEqual([items[0].path])
  await pictures.first().focus()
  await app.page.keyboard.press('Control+a')
  await expect(app.page.getByText('2 selected')).toBeVisible()
  await drag()
  expect(await app.told('dragged')).toEqual(items.map(({ path }) => path))
  await app.page.keyboard.press('Escape')
  await pictures.first().click()
  await app.page.getByRole('button', { name: 'Show in folder' }).click()
  expect(await app.told('showItemInFolder')).toBe(items[0].path)
})

test('a picture that is opened with the program is shown to start from, with its settings', async () => {
  await app.call<Job>('enqueue', short)
  await expect.poll(states).toEqual(['done'])
  const { items } = await app.call<HistoryPage>('history', {})
  const picture = path.join(folder, 'elsewhere.png')
  copyFileSync(items[0].path, picture)
  app.say('second-instance', { commandLine: ['latent-studio', '--flag', 'elsewhere.png'], folder })
  await app.told('focused')
  await expect(app.page.getByAltText('The picture to start from')).toBeVisible()

  writeFileSync(path.join(folder, 'broken.png'), 'no picture')
  app.say('open file', path.join(folder, 'broken.png'))
  await expect(app.page.getByText(/broken\.png/).first()).toBeVisible()
})

test('a model file that is opened with the program leads to the models, and its folder is offered', async () => {
  const models = path.join(folder, 'mine')
  mkdirSync(models)
  const file = path.join(models, 'my-enlarger.safetensors')
  copyFileSync(path.join(root, 'resources', 'upscalers', 'RDN-2x', 'model.safetensors'), file)
  app.say('open file', file)
  await app.page.getByRole('button', { name: 'Look in its folder' }).click()
  await expect(app.page.getByRole('complementary').getByText('my-enlarger').first()).toBeVisible()
})
