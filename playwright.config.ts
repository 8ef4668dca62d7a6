import { defineConfig } from '@playwright/test'
import { findBrowser } from './scripts/browser.ts'
import { electronBinary } from './scripts/electron.ts'
import type { Surface } from './tests/e2e/studio.ts'

export default defineConfig<{ surface: Surface }>({
  forbidOnly: true,
  // Files named .test.ts are vitest's.
  testMatch: '**/*.spec.ts',
  timeout: 300_000,
  // Generous: on a busy machine an engine takes seconds to start.
  expect: { timeout: 60_000, toHaveScreenshot: { pathTemplate: '{testDir}/screens/{arg}{ext}' } },
  // Every spec has a studio, a folder and a port of its own.
  workers: 2,
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: findBrowser() },
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'browser', testDir: 'tests/e2e' },
    // The same specs in Electron itself, where it is there.
    ...(electronBinary()
      ? [{ name: 'electron', testDir: 'tests/e2e', use: { surface: 'electron' as const } }]
      : []),
    // The built main process and preload script, with a stand-in for Electron.
    { name: 'shell', testDir: 'tests/main', use: { screenshot: 'off' } },
    {
      name: 'window in the shell',
      testDir: 'tests/e2e',
      testMatch: /(make|startPicture)\.spec\.ts/,
      use: { surface: 'standIn', screenshot: 'off' },
    },
  ],
})
