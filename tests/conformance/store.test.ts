/** What every Store must do, whatever database is behind it. */
import { afterEach, beforeEach, describe, vi } from 'vitest'
import type { Db, DialectName } from '../../server/db/open.ts'
import { memoryDatabase } from '../support/database.ts'
import { failureCases } from './failure-cases.ts'
import type { Inside } from './given.ts'
import { importCases } from './import-cases.ts'
import { outboxCases } from './outbox-cases.ts'
import { passageCases } from './passage-cases.ts'
import { planCases } from './plan-cases.ts'

// The first database on PostgreSQL starts the server, which takes seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })
const DIALECTS: readonly DialectName[] = ['sqlite', 'postgres']

describe.each(DIALECTS)('the store on %s', (dialect) => {
  let db: Db
  beforeEach(async () => {
    db = await memoryDatabase(dialect)
  })
  afterEach(() => db.close())
  const inside: Inside = (work) => db.sql.transaction().execute((sql) => work({ sql, store: db.storeIn(sql) }))

  describe('people and passages', () => passageCases(inside))
  describe('the outbox', () => outboxCases(inside))
  describe('imports', () => importCases(inside))
  describe('failures', () => failureCases(inside))
  describe('the plans', () => planCases(() => db))
})
