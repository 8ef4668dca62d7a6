import type { Page } from '@playwright/test'
import { chooseModel, expect, film, generateButton, picture, promptField, setNumber, test } from './studio.ts'

const number = (window: Page, name: string) => window.getByRole('spinbutton', { name, exact: true })

test('a model brings its own steps, sampler and guidance, and what a person changed stays', async ({
  window,
}) => {
  await chooseModel(window, 'Starter, 4 steps')
  await expect(number(window, 'Steps')).toHaveValue('4')
  await expect(number(window, 'Guidance')).toHaveValue('1')
  await expect(window.getByRole('combobox', { name: 'Sampler' })).toHaveText('Euler')
  await expect(window.getByRole('combobox', { name: 'Schedule' })).toHaveText('SGM Uniform')
  // The model alone.
  await expect(window.getByRole('button', { name: /^Reset / })).toHaveCount(1)

  await promptField(window).fill('a red circle')
  await generateButton(window).click()
  await expect(film(window)).toHaveCount(1)
  await expect(picture(window)).toBeVisible()

  await setNumber(window, 'Guidance', 2)
  await chooseModel(window, 'Starter')
  await expect(number(window, 'Steps')).toHaveValue('20')
  await expect(number(window, 'Guidance')).toHaveValue('2')
  await expect(window.getByRole('combobox', { name: 'Sampler' })).toHaveText('DPM++ 2M')

  await setNumber(window, 'Steps', 7)
  await chooseModel(window, 'Starter, 4 steps')
  await expect(number(window, 'Steps')).toHaveValue('7')
  await window.reload()
  await expect(number(window, 'Steps')).toHaveValue('7')
})
