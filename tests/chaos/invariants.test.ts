import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../../server/db/migrate.ts'
import { openDatabase } from '../../server/db/open.ts'
import { brokenInvariants } from './invariants.mjs'

let folder = ''
let database: Database.Database
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-invariants-'))
  const path = join(folder, 'test.db')
  const db = await openDatabase(`file:${path}`)
  await migrate(db)
  await db.close()
  database = new Database(path)
  database.exec(`
    INSERT INTO workflow (id, name, status, draft, draft_revision, draft_saved_at, live_version, created_at)
      VALUES (1, 'w', 'live', '{}', 1, 0, 1, 0);
    INSERT INTO workflow_version (workflow_id, version, document, plan, hash, published_at) VALUES (1, 1, '{}', '{}', 'h', 0);
    INSERT INTO enrollment (id, part, contact_id, workflow_id, version, entry_no, slot, step_no, status, is_waiting, due_at, arrived_at,
      entered_at, seq) VALUES (7, 0, 3, 1, 1, 1, '', 2, 'active', 1, 99, 0, 0, 1);
    INSERT INTO enrollment_log (part, contact_id, enrollment_id, seq, at, input, path, messages) VALUES (0, 3, 7, 1, 0, 'timer', '[]', 1);
    INSERT INTO message (id, part, contact_id, enrollment_id, seq, k, workflow_id, version, step_no, email_key, account_id, lane, status,
      attempt, not_before, expires_at, created_at, dot_at, finished_at)
      VALUES (5, 0, 3, 7, 1, 0, 1, 1, 1, 'hello', 1, 1, 'sent', 1, 0, 0, 0, 1, 2);
    INSERT INTO step_stat (workflow_id, version, step_no, hour, metric, worker, n) VALUES
      (1, 1, 0, 0, 'entered', 0, 1), (1, 1, 1, 0, 'entered', 0, 1), (1, 1, 1, 0, 'passed', 0, 1), (1, 1, 2, 0, 'entered', 0, 1),
      (1, 1, 1, 0, 'message:sent', 0, 1)`)
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the invariants after a crash', () => {
  test('hold for somebody who was mailed once and waits', () => expect(brokenInvariants(database)).toEqual([]))

  test.each([
    ['DELETE FROM enrollment_log', /log has a gap/],
    ['UPDATE enrollment SET seq = 2', /log has a gap/],
    ['UPDATE message SET seq = 2', /without the activation/],
    ['DELETE FROM message', /messages are not all there/],
    ["UPDATE message SET status = 'sending', lease = 'x', claimed_at = 1, finished_at = NULL", /leased by nobody/],
    ['UPDATE message SET dot_at = NULL', /no dot was marked/],
    ["UPDATE step_stat SET n = 2 WHERE metric = 'message:sent'", /counter of messages/],
    ["UPDATE step_stat SET n = 2 WHERE step_no = 0 AND metric = 'entered'", /counter of entries/],
    ["UPDATE step_stat SET n = 2 WHERE step_no = 1 AND metric = 'entered'", /entered is not waiting/],
    ['UPDATE enrollment SET version = 2', /version that does not exist/],
    [
      `INSERT INTO attempt (message_id, n, stage, code, response, at, took_ms) VALUES (5, 1, 'dot', 250, '', 0, 0), (5, 2, 'dot', 250, '', 0, 0)`,
      /accepted more than once/,
    ],
  ])('notice %s', (harm, expected) => {
    database.exec(harm)
    expect(brokenInvariants(database).join('\n')).toMatch(expected)
  })
})
