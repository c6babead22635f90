/** Every endpoint against made-up requests, on PostgreSQL, which refuses more than SQLite: NUL, half characters, numbers that do not fit. */
import { describe, vi } from 'vitest'
import { runOn } from '../support/database.ts'

runOn('postgres')
// The first database of a file starts the server, which takes seconds.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

describe('every endpoint on PostgreSQL', async () => {
  await import('../hostile/endpoints.test.ts')
})
