import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { expect, test } from '@playwright/test'
import { root } from '../../scripts/build.ts'

test.skip(process.platform !== 'linux', 'only Linux has no display at times')

test('without a display npm start says so, serves the studio and prints its address', async ({ page }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-start-'))
  const { DISPLAY, WAYLAND_DISPLAY, ...environment } = process.env
  const started = spawn(process.execPath, [path.join(root, 'scripts', 'start.ts'), '--data', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  })
  const ended = new Promise((resolve) => started.once('exit', resolve))
  const lines = createInterface(started.stdout)[Symbol.asyncIterator]()

  expect((await lines.next()).value).toBe('There is no display. Latent Studio opens in a browser instead.')
  const { value: address } = (await lines.next()) as { value: string }
  await page.goto(address)
  await expect(page.getByRole('button', { name: /generate/i })).toBeVisible()

  started.kill('SIGTERM')
  expect(await ended).toBe(0)
  rmSync(folder, { recursive: true })
})
