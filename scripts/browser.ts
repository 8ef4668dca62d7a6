import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge']

const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((folder) => {
    const base = process.env[folder]
    return base ? [path.join(base, 'Google', 'Chrome', 'Application', 'chrome.exe')] : []
  }),
]

/** The program of an installed Chrome or Chromium, else of the one Playwright downloaded, else undefined. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const onPath = folders.flatMap((folder) => names.map((name) => path.join(folder, name)))
  return [...applications, ...onPath, chromium.executablePath()].find((file) => existsSync(file))
}

/**
 * The program of a Chrome or Chromium, brought here when there is none: by Playwright's download, else as the
 * Debian package where this is Debian and we are root. Throws when neither can be had.
 */
export function installBrowser(): string {
  const found = findBrowser()
  if (found) return found
  process.stderr.write('There is no Chrome or Chromium; installing one for the tests …\n')
  const playwright = path.join(import.meta.dirname, '..', 'node_modules', '@playwright', 'test', 'cli.js')
  const ways = [
    [[process.execPath, playwright, 'install', 'chromium']],
    [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', 'chromium'],
    ],
  ]
  for (const commands of ways) {
    for (const [program, ...args] of commands) {
      spawnSync(program, args, { stdio: ['ignore', 2, 2], timeout: 5 * 60_000 })
    }
    const browser = findBrowser()
    if (browser && spawnSync(browser, ['--version']).status === 0) return browser
  }
  throw new Error(
    'The tests drive a Chrome or Chromium, and none could be installed: install one and try again.',
  )
}
