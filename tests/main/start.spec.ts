import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@playwright/test'
import { root } from '../../scripts/build.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio } from '../../src/studio/studio.ts'

test.skip(process.platform !== 'linux', 'only Linux has no display at times')

/** Programs of a machine that has no display, and a browser that writes down what it is to open. */
function fakeBrowser(folder: string): { environment: NodeJS.ProcessEnv; opened: string } {
  const opened = path.join(folder, 'opened')
  const program = path.join(folder, 'bin', 'xdg-open')
  mkdirSync(path.dirname(program))
  writeFileSync(program, `#!/bin/sh\necho "$@" > '${opened}.part'\nmv '${opened}.part' '${opened}'\n`, {
    mode: 0o755,
  })
  const { DISPLAY, WAYLAND_DISPLAY, ...environment } = process.env
  const PATH = `${path.dirname(program)}${path.delimiter}${environment.PATH}`
  return { environment: { ...environment, PATH }, opened }
}

/** The command lines of all processes below one. */
function commandsBelow(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return children.flatMap((child) => [
    readFileSync(`/proc/${child}/cmdline`, 'utf8'),
    ...commandsBelow(Number(child)),
  ])
}

test('without a display npm start says so, serves the studio, and opens it without showing its token to others', async ({
  page,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-start-'))
  const { environment, opened } = fakeBrowser(folder)
  const args = [path.join(root, 'scripts', 'start.ts'), '--data', path.join(folder, 'data')]
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment })
  const ended = new Promise((resolve) => started.once('exit', resolve))
  const lines = createInterface(started.stdout)[Symbol.asyncIterator]()

  expect((await lines.next()).value).toBe('There is no display. Latent Studio opens in a browser instead.')
  const { value: address } = (await lines.next()) as { value: string }
  const token = new URL(address).searchParams.get('token')!
  await expect.poll(() => existsSync(opened)).toBe(true)
  const argument = readFileSync(opened, 'utf8').trim()
  expect(argument).not.toContain(token)
  expect(statSync(argument).mode & 0o777).toBe(0o600)

  await page.goto(pathToFileURL(argument).href)
  await expect(page.getByRole('button', { name: /generate/i })).toBeVisible()
  expect(page.url()).toBe(`${new URL(address).origin}/`)

  // The engine that was built answers what the models are.
  await expect(page.getByRole('button', { name: 'Generate', exact: true })).toBeEnabled()
  const engine = path.join(root, 'out', 'engine', 'main.js')
  await expect(() => expect(commandsBelow(started.pid!).join('\n')).toContain(engine)).toPass()

  started.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(existsSync(argument)).toBe(false)
  rmSync(folder, { recursive: true })
})

test('the address that is printed opens the studio', async ({ page }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-start-'))
  const studio = await openStudio({ dataFolder: folder })
  const server = await startServer({ studio })
  await page.goto(server.address)
  await expect(page.getByRole('button', { name: /generate/i })).toBeVisible()
  await server.close()
  await studio.close()
  rmSync(folder, { recursive: true })
})
