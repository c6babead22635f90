/** The statements that run all day use the indexes made for them (DESIGN.md 6), on either database. */
import { expect, test } from 'vitest'
import type { Db } from '../../server/db/open.ts'
import { isLive, isReady } from '../../server/db/statuses.ts'
import { planOf } from '../support/database.ts'

const STATEMENTS: readonly [index: string, text: string][] = [
  ['enrollment_due', 'SELECT id FROM enrollment WHERE due_at <= 5 ORDER BY due_at LIMIT 500'],
  ['enrollment_due', 'SELECT due_at FROM enrollment WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1'],
  [
    'enrollment_live',
    `SELECT id FROM enrollment WHERE part = 1 AND contact_id = 2 AND status IN ('active', 'paused') ORDER BY id`,
  ],
  [
    'enrollment_entry',
    'SELECT entry_no FROM enrollment WHERE part = 1 AND workflow_id = 2 AND contact_id = 3 ORDER BY entry_no',
  ],
  [
    'message_ready',
    `SELECT id FROM message WHERE account_id = 1 AND lane = 0 AND not_before <= 5 AND status IN ('queued', 'deferred')
     ORDER BY not_before, id LIMIT 100`,
  ],
  ['message_open', `SELECT id FROM message WHERE status = 'sending' AND lease = 'mine'`],
  [
    'message_attention',
    `SELECT id FROM message WHERE status IN ('uncertain', 'failed', 'skipped') AND status = 'uncertain' ORDER BY id`,
  ],
  ['message_cause', 'SELECT id FROM message WHERE enrollment_id = 1 AND part = 2 AND seq = 3 AND k = 0'],
  [
    'contact_name',
    "SELECT id FROM contact WHERE name_folded >= 'ann' AND name_folded < 'ann~' ORDER BY name_folded, id",
  ],
  [
    'contact_identity',
    `SELECT contact_id FROM contact_identity WHERE kind = 'email' AND value >= 'ann' AND value < 'ann~' ORDER BY value`,
  ],
  ['event_contact', "SELECT id FROM event WHERE part = 1 AND contact_id = 2 AND name = 'Order placed'"],
  ['job_running', "SELECT id FROM job WHERE status = 'running' ORDER BY id LIMIT 1"],
]

export function planCases(open: () => Db): void {
  test.each(STATEMENTS)('%s serves %s', async (index, text) => {
    const plan = await planOf(open(), text)
    expect(plan).toContain(index)
    // Neither reads the whole table, nor sorts what the index has in order.
    expect(plan).not.toMatch(/Seq Scan|SCAN \w+$|TEMP B-TREE FOR ORDER BY$/m)
  })

  test('due people are read in the order of the index, without sorting', async () => {
    const plan = await planOf(open(), 'SELECT id FROM enrollment WHERE due_at <= 5 ORDER BY due_at LIMIT 500')
    expect(plan).not.toMatch(/Sort|B-TREE/)
  })

  test('lists of statuses that queries are built with fit the indexes made of them', async () => {
    const db = open()
    const built = {
      enrollment_live: db.sql
        .selectFrom('enrollment')
        .select('id')
        .where('contact_id', '=', 1)
        .where('part', '=', 2)
        .where(isLive()),
      enrollment_inside: db.sql
        .selectFrom('enrollment as e')
        .select('e.id')
        .where('e.workflow_id', '=', 1)
        .where(isLive('e.status')),
      message_ready: db.sql
        .selectFrom('message as m')
        .select('m.id')
        .where('m.account_id', '=', 1)
        .where(isReady('m.status')),
    }
    for (const [index, query] of Object.entries(built)) {
      const { sql, parameters } = query.compile()
      expect(await planOf(db, sql, parameters)).toContain(index)
    }
  })
}
