import { defineConfig } from '@playwright/test'
import { browserPath, CHROMIUM_FLAGS } from './scripts/browser.mjs'

const executablePath = browserPath()

/** Each spec starts a built product of its own (tests/e2e/support/product.ts). */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  workers: 2,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    locale: 'en-GB',
    actionTimeout: 10_000,
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      args: CHROMIUM_FLAGS,
      chromiumSandbox: false,
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
})
