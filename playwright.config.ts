import { defineConfig } from '@playwright/test'
import { findBrowser } from './scripts/browser.ts'

export default defineConfig({
  testDir: 'tests/e2e',
  forbidOnly: true,
  timeout: 120_000,
  workers: 1,
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: findBrowser() },
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
