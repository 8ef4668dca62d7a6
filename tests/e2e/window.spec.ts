import { samplers } from '../../src/shared/models/samplers.ts'
import {
  choose,
  chooseLanguage,
  closeByEsc,
  copiedBy,
  expect,
  film,
  generateButton,
  makePicture,
  picture,
  promptField,
  setNumber,
  test,
  optionOf,
} from './studio.ts'

test('a reload keeps the form, the panels and the page', async ({ window }) => {
  await promptField(window).fill('a boat on the lake')
  await setNumber(window, 'Steps', 7)
  await setNumber(window, 'Width', 96)
  await window.getByRole('button', { name: 'Advanced' }).click()
  await setNumber(window, 'Rescale', 0.7)
  await window.getByRole('button', { name: 'Details' }).click()
  await window.reload()
  await expect(promptField(window)).toHaveValue('a boat on the lake')
  await expect(window.getByRole('spinbutton', { name: 'Steps' })).toHaveValue('7')
  await expect(window.getByRole('spinbutton', { name: 'Width' })).toHaveValue('96')
  await expect(window.getByRole('spinbutton', { name: 'Rescale' })).toHaveValue('0.7')
  await expect(window.getByRole('complementary', { name: 'Details' })).toBeVisible()

  await window.getByRole('link', { name: 'Models' }).click()
  await window.reload()
  await expect(window.getByRole('heading', { name: 'Models', exact: true })).toBeVisible()
})

test('everything is done with the keyboard alone', async ({ window }) => {
  const tabTo = async (...stop: Parameters<typeof window.getByRole>): Promise<void> => {
    const wanted = window.getByRole(...stop)
    await expect(wanted.first()).toBeVisible()
    for (let press = 0; press < 60; press++) {
      await window.keyboard.press('Tab')
      if ((await wanted.and(window.locator(':focus')).count()) > 0) return
    }
    throw new Error(`The Tab key does not lead to ${wanted.toString()}.`)
  }
  await tabTo('textbox', { name: 'Prompt', exact: true })
  await window.keyboard.type('a green tree')
  await tabTo('spinbutton', { name: 'Steps', exact: true })
  await window.keyboard.type('2')
  await tabTo('combobox', { name: 'Sampler', exact: true })
  await window.keyboard.press('Enter')
  await expect(window.locator(':focus')).toHaveRole('option')
  await window.keyboard.type('Euler a')
  await expect(optionOf(window, 'Euler a')).toBeFocused()
  await window.keyboard.press('Enter')
  await expect(window.getByRole('combobox', { name: 'Sampler' })).toHaveText('Euler a')
  await window.keyboard.press('Control+Enter')
  await expect(picture(window)).toBeVisible()
  await expect(optionOf(window, 'Euler a')).toHaveCount(0)

  await window.keyboard.press('Control+Enter')
  await expect(film(window)).toHaveCount(2)
  await expect(window.getByRole('progressbar')).toHaveCount(0)
  await tabTo('option', { name: 'a green tree' })
  await window.keyboard.press('ArrowRight')
  await expect(film(window).nth(1)).toHaveAttribute('aria-selected', 'true')
  await window.keyboard.press('Delete')
  await expect(film(window)).toHaveCount(1)

  await tabTo('link', { name: 'Library', exact: true })
  await window.keyboard.press('Enter')
  await expect(window.getByRole('listbox', { name: 'Pictures' })).toBeVisible()
  await tabTo('option', { name: 'a green tree' })
  await window.keyboard.press('Enter')
  await expect(window.getByRole('dialog')).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(window.getByRole('dialog')).toHaveCount(0)
})

test('what is asked for before the studio has answered is made once it has', async ({ window, surface }) => {
  test.skip(surface === 'electron', 'a window of the app has no network to hold back')
  await promptField(window).fill('an early bird')
  await setNumber(window, 'Steps', 2)
  let answer = (): void => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  await window.routeWebSocket(/\/rpc$/, async (socket) => {
    await held
    socket.connectToServer()
  })
  await window.reload()
  await promptField(window).press('Control+Enter')
  await expect(generateButton(window)).toHaveCount(0)
  await expect(window.getByRole('button', { name: 'Waiting for the models' })).toBeVisible()
  answer()
  await expect(picture(window)).toHaveAttribute('alt', 'an early bird')
})

test('the model is opened for a prompt that was typed before the studio said which models there are', async ({
  window,
  surface,
}) => {
  test.skip(surface === 'electron', 'a window of the app has no network to hold back')
  const asked: string[] = []
  let answer = (): void => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  await window.routeWebSocket(/\/rpc$/, async (socket) => {
    await held
    const server = socket.connectToServer()
    socket.onMessage((message) => {
      asked.push((JSON.parse(String(message)) as { m?: string }).m ?? '')
      server.send(message)
    })
  })
  await window.reload()
  await promptField(window).pressSequentially('an early bird')
  answer()
  await expect.poll(() => asked).toContain('prepare')
})

test('the samplers that most people want come first, all others below, each found by its first letters', async ({
  window,
}) => {
  const sampler = window.getByRole('combobox', { name: 'Sampler' })
  await sampler.click()
  const common = window.getByRole('group', { name: 'Common' }).getByRole('option')
  await expect(common).toHaveCount(8)
  await expect(common.nth(1)).toContainText('DPM++ 2M')
  const others = window.getByRole('group', { name: 'All others' }).getByRole('option')
  await expect(others).toHaveCount(samplers.length - 8)
  await expect(window.locator(':focus')).toHaveRole('option')
  await window.keyboard.type('heunp')
  await expect(others.filter({ hasText: 'HeunPP2' })).toBeFocused()
  await window.keyboard.press('Enter')
  await expect(sampler).toHaveText('HeunPP2')
})

test('settings opened before their code has come say which device Auto means and why others are not there', async ({
  window,
}) => {
  let come!: () => void
  const asked = new Promise<void>((resolve) => (come = resolve))
  await window.route(/SettingsDialog.*\.js/, async (route) => {
    await asked
    await route.continue()
  })
  await window.reload()
  await window.getByRole('button', { name: 'Settings', exact: true }).click()
  come()
  const devices = window.getByRole('list', { name: 'Device' }).getByRole('listitem')
  await expect(devices).toHaveCount(5)
  await expect(devices.filter({ hasText: 'this is what Auto means' })).toHaveCount(1)
  const foreign = process.platform === 'darwin' ? 'DirectML' : 'Core ML'
  await expect(devices.filter({ hasText: foreign })).toContainText(/only on (Windows|a Mac)/)
})

test('a number can be scrubbed, stepped, wheeled and reset', async ({ window }) => {
  const steps = window.getByRole('spinbutton', { name: 'Steps' })
  const box = (await steps.boundingBox())!
  const [x, y] = [box.x + 60, box.y + box.height / 2]
  await window.mouse.move(x, y)
  await window.mouse.down()
  await window.mouse.move(x + 40, y, { steps: 8 })
  await window.mouse.up()
  await expect(steps).toHaveValue('30')
  await expect(window.getByRole('button', { name: 'Reset Steps' })).toBeVisible()
  await steps.press('ArrowUp')
  await steps.press('Shift+ArrowDown')
  await expect(steps).toHaveValue('21')
  await steps.hover()
  await window.mouse.wheel(0, -100)
  await expect(steps).toHaveValue('22')
  await steps.fill('9999')
  await steps.press('Enter')
  await expect(steps).toHaveValue('200')
  await window.getByText('Steps', { exact: true }).dblclick()
  await expect(steps).toHaveValue('20')
})

test('at 1280 by 800 nothing scrolls but the controls, and nothing moves while a picture is made', async ({
  window,
}) => {
  await window.setViewportSize({ width: 1280, height: 800 })
  await makePicture(window, 'a house')
  const canvas = window.getByLabel('Canvas')
  const before = await canvas.boundingBox()
  const paper = await picture(window).boundingBox()
  await setNumber(window, 'Steps', 150)
  await generateButton(window).click()
  await expect(canvas.locator('[data-kind="preview"]')).toBeVisible()
  expect(await canvas.boundingBox()).toEqual(before)
  await expect(window.getByRole('progressbar')).toHaveCount(0, { timeout: 240_000 })
  expect(await picture(window).boundingBox()).toEqual(paper)
  const overflow = await window.evaluate(() => ({
    x: document.documentElement.scrollWidth - innerWidth,
    y: document.documentElement.scrollHeight - innerHeight,
  }))
  expect(overflow).toEqual({ x: 0, y: 0 })
})

test('at 360 pixels every place keeps its settings, and its search the line', async ({ window }) => {
  await window.setViewportSize({ width: 360, height: 740 })
  for (const place of ['Create', 'Library', 'Models', 'Lab']) {
    await window.getByRole('link', { name: place, exact: true }).click()
    await expect(window.getByRole('button', { name: 'Queue' })).toBeVisible()
    const settings = (await window.getByRole('button', { name: 'Settings', exact: true }).boundingBox())!
    expect(settings.x + settings.width, place).toBeLessThanOrEqual(360)
    if (place !== 'Library' && place !== 'Models') continue
    // What filters stands before it; behind it the library has a button, and the models their count.
    const behind =
      place === 'Library' ? settings.height : (await window.getByText(/^\d+ files$/).boundingBox())!.width
    const beside = settings.height + 8 + behind + 8
    const wide = async () => (await window.getByRole('searchbox').boundingBox())?.width
    await expect.poll(wide, place).toBe(360 - 2 * 16 - beside)
  }
})

test('theme and language change at once and stay', async ({ window }) => {
  const canvasColour = (): Promise<string> =>
    window.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await window.getByRole('button', { name: 'Settings' }).click()
  await window.getByRole('radio', { name: 'Light' }).click()
  await expect.poll(canvasColour).toBe('rgb(233, 233, 233)')
  await window.getByRole('radio', { name: 'Dark' }).click()
  await expect.poll(canvasColour).toBe('rgb(22, 22, 22)')
  // A language that nobody who grew up with it has looked through says so.
  await window.getByRole('combobox', { name: 'Language' }).click()
  const russian = window.getByRole('option', { name: 'Русский' })
  await expect(russian).toContainText('not reviewed')
  await closeByEsc(window, russian)
  await chooseLanguage(window, 'Français')
  await expect(window.locator('html')).toHaveAttribute('lang', 'fr')
  await expect(window.getByRole('dialog', { name: 'Réglages' })).toBeVisible()
  await choose(window, 'Langue', '中文')
  await expect(window.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await closeByEsc(window, window.getByRole('dialog'))
  await expect(window.getByRole('link', { name: '图库' })).toBeVisible()
  await window.reload()
  await expect(window.getByRole('link', { name: '图库' })).toBeVisible()
  await expect.poll(canvasColour).toBe('rgb(22, 22, 22)')
})

test('what helps to find a fault is copied from the settings, without prompts', async ({
  window,
  context,
  surface,
}) => {
  test.skip(surface !== 'browser', 'the clipboard is asked for in a browser')
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await makePicture(window, 'my secret garden')
  await window.getByRole('button', { name: 'Settings', exact: true }).click()
  const report = await copiedBy(window.getByRole('button', { name: 'Copy report' }))
  expect(report).toMatch(/^Latent Studio \d+\.\d+\.\d+, ONNX Runtime \d/)
  expect(report).toMatch(/job \S+ done after \d+ ms/)
  expect(report).not.toContain('secret')
})

test('a lost connection is said calmly, and afterwards everything is right again', async ({
  window,
  surface,
}) => {
  test.skip(surface === 'electron', 'a window of the app has no network to lose')
  let isOpen = true
  let lose = (): void => {}
  await window.routeWebSocket(/\/rpc$/, (socket) => {
    if (!isOpen) return void socket.close()
    const server = socket.connectToServer()
    // The window's side first: what it sends meanwhile would find the other side closed.
    lose = () => void socket.close().then(() => server.close())
  })
  await window.reload()
  await makePicture(window, 'before')

  isOpen = false
  lose()
  await expect(window.getByText('The studio does not answer')).toBeVisible()
  await expect(generateButton(window)).toBeDisabled()
  await expect(picture(window)).toBeVisible()
  const other = await window.context().newPage()
  await other.goto(new URL('/', window.url()).href)
  await expect(film(other)).toHaveCount(1)
  await makePicture(other, 'meanwhile')
  await other.close()

  isOpen = true
  await expect(generateButton(window)).toBeEnabled()
  await expect(window.getByText('The studio does not answer')).toHaveCount(0)
  await expect(film(window)).toHaveCount(2)
  await expect(picture(window)).toHaveAttribute('alt', 'meanwhile')
})
