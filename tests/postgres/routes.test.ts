/** The HTTP interface, on PostgreSQL. */
import { describe, vi } from 'vitest'
import { runOn } from '../support/database.ts'

runOn('postgres')
// The first database of a file starts the server, which takes seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

describe('contacts on PostgreSQL', async () => {
  await import('../server/routes/contacts.test.ts')
})
describe('workflows on PostgreSQL', async () => {
  await import('../server/routes/workflows.test.ts')
})
describe('totals on PostgreSQL', async () => {
  await import('../server/routes/totals.test.ts')
})
describe('meaning on PostgreSQL', async () => {
  await import('../server/routes/meaning.test.ts')
})
describe('workflow-people on PostgreSQL', async () => {
  await import('../server/insights/workflow-people.test.ts')
})
describe('links on PostgreSQL', async () => {
  await import('../server/tracking/links.test.ts')
})
describe('import on PostgreSQL', async () => {
  await import('../server/ingest/import.test.ts')
})
