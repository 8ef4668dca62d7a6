import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { languageNames, languages } from '../../src/shared/languages.ts'
import { closeByEsc, copiedBy, expect, makePicture, optionOf, setNumber, test } from './studio.ts'

test.use({ engine: 'gradients' })

/** Chooses a language in the settings, whichever is spoken now. */
async function speak(window: Page, from: string, to: string): Promise<void> {
  await window.keyboard.press('Control+,')
  const settings = window.getByRole('dialog')
  await settings.getByRole('combobox').filter({ hasText: from }).click()
  await optionOf(window, to).click()
  await expect(optionOf(window, to)).toHaveCount(0)
  await closeByEsc(window, settings)
}

test('in Chinese an error says in Chinese what happened and what to do, and its English message beside', async ({
  window,
}) => {
  await speak(window, 'System', '中文')
  const text = { name: 'letter.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') }
  await window.getByLabel('拖入、粘贴或选择图片').setInputFiles(text)
  const said = window.getByRole('alert')
  await expect(said).toContainText('这张图片无法使用：请另选一张 PNG、JPEG 或 WebP 图片。')
  await expect(said.locator('[lang=en]')).toContainText('picture')
  await expect(said).toHaveText(/ bad-init-image$/)
})

test('in Chinese a link that is refused is explained in Chinese, with what stands in it', async ({
  window,
}) => {
  await speak(window, 'System', '中文')
  await window.getByRole('link', { name: '模型' }).click()
  const link = window.getByRole('textbox', { name: /^模型链接/ })
  await link.fill('https://civitai.com/images/1')
  await link.press('Enter')
  const said = window.getByRole('alert')
  await expect(said).toHaveText(
    /^Civitai 的这个页面不是模型。请粘贴模型页面本身或其中某个文件的地址。\s+bad-request$/,
  )
})

test('in Japanese a card of a model says whole of what kind and family it is', async ({ window }) => {
  await speak(window, 'System', '日本語')
  await window.getByRole('link', { name: 'モデル' }).click()
  const facts = window.getByRole('option').locator('.facts')
  await expect(facts.filter({ hasText: 'チェックポイント' }).first()).toBeVisible()
  const cut = (lines: Element[]): unknown =>
    lines.filter((line) => line.scrollWidth > line.clientWidth).map((line) => line.textContent)
  expect(await facts.evaluateAll(cut)).toEqual([])
})

test('notices and notes on files are said in Chinese, and in English again when that is spoken', async ({
  window,
  dataFolder,
}) => {
  await speak(window, 'System', '中文')
  const wildcards = path.join(dataFolder, 'wildcards')
  await mkdir(wildcards)
  await writeFile(path.join(wildcards, 'colour.txt'), Buffer.from([0, 1, 2]))
  await window.getByRole('textbox', { name: '提示词', exact: true }).fill('__colour__ house')
  const inChinese = /没有读取 \S+colour\.txt：它不是 UTF-8/
  await expect(window.getByRole('status', { name: '关于设置的说明' })).toContainText(inChinese)
  await window.keyboard.press('Control+Enter')
  const notice = window.getByRole('status').filter({ has: window.getByRole('button', { name: '忽略' }) })
  await expect(notice).toHaveText(inChinese)
  await speak(window, '中文', 'English')
  await expect(window.getByText(/colour\.txt was not read: it is no text in UTF-8/).first()).toBeVisible()
  await expect(window.getByText('没有读取')).toHaveCount(0)
})

test('who does not write in English is told that the model reads it', async ({ window }) => {
  await expect(window.getByText('taught in English')).toHaveCount(0)
  await speak(window, 'System', '中文')
  await expect(window.getByLabel('画布').getByText('请用英文描述')).toBeVisible()
  await window.getByRole('textbox', { name: '提示词', exact: true }).fill('山上的狐狸, a fox')
  await expect(window.getByRole('status', { name: '关于设置的说明' })).toContainText('请改用英文：山上的狐狸')
})

test('every parameter of a picture has a name in Chinese', async ({ window }) => {
  await makePicture(window, 'a {red|blue} house')
  await window.getByRole('button', { name: 'Details' }).click()
  await speak(window, 'System', '中文')
  const details = window.getByRole('complementary', { name: '详情' })
  await details.getByText('其余参数').click()
  await expect(details.getByText('提示词原文', { exact: true })).toBeVisible()
  const names = await details.locator('dt').allTextContents()
  expect(names.filter((name) => /^[a-z]+[A-Z0-9]/.test(name))).toEqual([])
})

test('numbers are written as the language writes them; addresses keep their points', async ({ window }) => {
  await speak(window, 'System', 'Deutsch')
  await window.evaluate(() => (location.hash = '#lab/reaction'))
  const feed = window.getByRole('spinbutton', { name: 'Feed F' })
  await expect(feed).toHaveValue('0,0545')
  await feed.fill('0,06')
  await feed.press('Enter')
  await expect(feed).toHaveValue('0,06')
  const map = window.getByRole('slider', { name: 'Karte von Feed und Kill' })
  await expect(map).toHaveAttribute('aria-valuetext', 'F 0,06, k 0,062')
  await expect(window).toHaveURL(/[?&]feed=0\.06(&|$)/)
  // What was chosen before the language was is said in it too.
  await expect(window.getByRole('radio', { name: 'Glut' })).toBeVisible()
  await speak(window, 'Deutsch', 'English')
  await expect(window.getByRole('radio', { name: 'Ember' })).toBeVisible()
  await expect(feed).toHaveValue('0.06')
})

test('so are those a picture was made with, which are copied as other programs take them', async ({
  surface,
  window,
}) => {
  await setNumber(window, 'Guidance', 4.5)
  await makePicture(window, 'a house')
  await window.getByRole('button', { name: 'Details' }).click()
  await speak(window, 'System', 'Deutsch')
  const details = window.getByRole('complementary', { name: 'Details' })
  await expect(details.getByText('4,5', { exact: true })).toBeVisible()
  if (surface === 'browser') await window.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  expect(await copiedBy(details.getByRole('button', { name: 'CFG-Skala kopieren' }))).toBe('4.5')
})

/** Words of choices that are cut off, or stick out of their group. */
const cutChoices = (window: Page): Promise<string[]> =>
  window
    .locator('.choices')
    .evaluateAll((groups) =>
      groups.flatMap((group) =>
        [...group.children]
          .filter(
            (choice) =>
              choice.scrollWidth > choice.clientWidth ||
              choice.getBoundingClientRect().right > group.getBoundingClientRect().right,
          )
          .map(({ textContent }) => textContent),
      ),
    )

test('every choice of the form is said in whole words in every language, in the narrowest panel', async ({
  window,
}) => {
  const background = '#d08030'
  const buffer = await sharp({ create: { width: 96, height: 64, channels: 3, background } })
    .png()
    .toBuffer()
  const file = { name: 'start.png', mimeType: 'image/png', buffer }
  await window.getByLabel('Drop, paste or choose a picture').setInputFiles(file)
  await window.getByRole('button', { name: 'Paint a mask' }).click()
  await window.getByRole('slider', { name: 'Add at the right' }).press('ArrowRight')
  await expect(window.getByRole('radiogroup', { name: 'Inpaint area' })).toBeVisible()
  for (const fold of ['Advanced', 'Grid'])
    await window.getByRole('button', { name: fold, exact: true }).click()
  await expect(window.getByRole('radiogroup', { name: 'On the CPU' })).toBeVisible()
  const edge = window.getByRole('separator', { name: 'Panel width' })
  for (let narrower = 0; narrower < 3; narrower++) await edge.press('ArrowLeft')
  await expect(edge).toHaveAttribute('aria-valuenow', '288')
  let spoken = 'System'
  for (const language of languageNames) {
    const { name, tag } = languages[language]
    await speak(window, spoken, name)
    spoken = name
    await expect(window.locator('html')).toHaveAttribute('lang', tag)
    expect.soft(await cutChoices(window), name).toEqual([])
  }
})

test('on a telephone no page is wider than its window, in any language', async ({ window }) => {
  await window.setViewportSize({ width: 360, height: 740 })
  const wider = (): Promise<number> =>
    window.evaluate(() =>
      Math.max(...[...document.querySelectorAll('html, .window, header')].map((each) => each.scrollWidth)),
    )
  let spoken = 'System'
  for (const language of languageNames) {
    const { name, tag } = languages[language]
    await speak(window, spoken, name)
    spoken = name
    await expect(window.locator('html')).toHaveAttribute('lang', tag)
    for (const place of ['create', 'library', 'models'] as const) {
      await window.locator(`nav a[href$="${place}"]`).click()
      await expect(window.locator(`nav a[href$="${place}"]`)).toHaveAttribute('aria-current', 'page')
      expect.soft(await wider(), `${place}, ${name}`).toBeLessThanOrEqual(360)
    }
  }
})
