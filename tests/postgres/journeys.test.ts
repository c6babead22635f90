/** The stories of the product, on PostgreSQL. */
import { describe, vi } from 'vitest'
import { runOn } from '../support/database.ts'

runOn('postgres')
// The first database of a file starts the server, which takes seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

describe('welcome on PostgreSQL', async () => {
  await import('../journeys/welcome.test.ts')
})
describe('passages on PostgreSQL', async () => {
  await import('../journeys/passages.test.ts')
})
describe('pause on PostgreSQL', async () => {
  await import('../journeys/pause.test.ts')
})
describe('thank-you on PostgreSQL', async () => {
  await import('../journeys/thank-you.test.ts')
})
describe('any-story on PostgreSQL', async () => {
  await import('../journeys/any-story.test.ts')
})
describe('audience on PostgreSQL', async () => {
  await import('../server/db/audience.test.ts')
})
