import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**', 'tests/bench/**'],
    // Two cores: files run in two forks; a story over months takes milliseconds, so nothing needs longer than this.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
  },
})
