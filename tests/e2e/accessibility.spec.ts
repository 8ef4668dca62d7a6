import { violations } from './axe.ts'
import { expect, generateButton, makePicture, promptField, test } from './studio.ts'

test.use({ engine: 'gradients' })

for (const colorScheme of ['dark', 'light'] as const) {
  test(`every place passes WCAG AA in ${colorScheme}`, async ({ window }) => {
    await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const check = async (place: string): Promise<void> => expect(await violations(window), place).toEqual([])

    await check('empty canvas')
    await makePicture(window, 'a red house')
    await window.getByRole('button', { name: 'Advanced' }).click()
    await window.getByRole('button', { name: 'Details' }).click()
    await window.getByRole('button', { name: 'Start from this' }).first().click()
    await expect(window.getByAltText('The picture to start from')).toBeVisible()
    await check('picture, details and all controls')
    await window.getByRole('button', { name: 'Scribble over it' }).click()
    await check('sketch pad')
    await window.getByRole('button', { name: 'Put the paper away' }).click()

    await promptField(window).fill('endless')
    await generateButton(window).click()
    await expect(window.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step/)
    await window.getByRole('button', { name: /^Queue/ }).click()
    await check('queue of a running job')
    await window.keyboard.press('Escape')
    await expect(window.getByRole('dialog', { name: 'Queue' })).toHaveCount(0)
    await window.keyboard.press('Escape')
    await expect(window.getByRole('progressbar')).toHaveCount(0)

    await promptField(window).fill('crash')
    await generateButton(window).click()
    await expect(window.getByLabel('Canvas').getByRole('alert')).toBeVisible()
    await check('failure')

    await window.getByRole('button', { name: 'Settings', exact: true }).click()
    await expect(window.getByRole('dialog').getByText('this is what Auto means')).toBeVisible()
    await check('settings')
    await window.keyboard.press('Escape')
    await window.getByRole('link', { name: 'Models' }).click()
    await check('models')
    await window.getByRole('link', { name: 'Library' }).click()
    await check('library')
    await window.getByRole('listbox', { name: 'Pictures' }).getByRole('option').click()
    await check('viewer')
    await window.keyboard.press('Escape')
    await window.keyboard.press('Delete')
    await window.getByRole('button', { name: 'Trash', exact: true }).click()
    await check('trash and its message')
  })
}
