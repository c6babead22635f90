/** Commands and the engine's own tests, on PostgreSQL. */
import { describe, vi } from 'vitest'
import { runOn } from '../support/database.ts'

runOn('postgres')
// The first database of a file starts the server, which takes seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

describe('contacts on PostgreSQL', async () => {
  await import('../server/commands/contacts.test.ts')
})
describe('messages on PostgreSQL', async () => {
  await import('../server/commands/messages.test.ts')
})
describe('erase on PostgreSQL', async () => {
  await import('../server/commands/erase.test.ts')
})
describe('activate on PostgreSQL', async () => {
  await import('../server/engine/activate.test.ts')
})
describe('unsent on PostgreSQL', async () => {
  await import('../server/outbox/unsent.test.ts')
})
describe('pause-jobs on PostgreSQL', async () => {
  await import('../server/engine/pause-jobs.test.ts')
})
