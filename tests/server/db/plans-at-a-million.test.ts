/** The pages of a million contacts and millions of messages: every statement they run goes by an index and sorts nothing it need not. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../../../server/db/migrate.ts'
import { openDatabase } from '../../../server/db/open.ts'
import {
  attributeTypes,
  contactSlices,
  findContact,
  findContactId,
  listConsents,
  listFields,
  listNewestContacts,
  searchContacts,
} from '../../../server/db/queries/contacts.ts'
import { findAcquaintances } from '../../../server/db/queries/imports.ts'
import { readJournal } from '../../../server/db/queries/journal.ts'
import { listMessages, type MessageFilter } from '../../../server/db/queries/messages.ts'
import { contactTotals, messageTotals } from '../../../server/db/queries/totals.ts'
import { findWorkflow, listWorkflows } from '../../../server/db/queries/workflows.ts'
import type { ContactId, WorkflowId } from '../../../shared/ids.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, MONDAY, type World } from '../../support/world.ts'

let world: World
let contactId: ContactId
let workflowId: WorkflowId
beforeEach(async () => {
  world = await createWorld()
  workflowId = await world.publish(twoMails())
  contactId = await world.subscriber('ada@example.com', { first_name: 'Ada' })
  await world.event(contactId, 'Signed up')
  await world.settle()
})
afterEach(() => world.close())

/** What grows with the people and with what happens to them. */
const LARGE =
  /\b(contact|contact_identity|consent_record|event|enrollment|enrollment_log|message|message_event|message_link|attempt|import_error|import_person)\b/

type Step = { detail: string }

/** The plan of every statement that this runs. */
async function plansOf(run: () => Promise<unknown>): Promise<string[]> {
  const { db } = world
  if (db.dialect !== 'sqlite') throw new RangeError('plans of SQLite are asked for')
  const seen: { sql: string; parameters: readonly unknown[] }[] = []
  const executor = db.sql.getExecutor()
  const execute = executor.executeQuery
  executor.executeQuery = function (this: unknown, compiled, ...rest) {
    seen.push(compiled)
    return execute.call(this as never, compiled, ...rest) as never
  }
  try {
    await run()
  } finally {
    executor.executeQuery = execute
  }
  expect(seen.length).toBeGreaterThan(0)
  return seen.flatMap(({ sql, parameters }) =>
    db.raw
      .prepare<unknown[], Step>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...parameters)
      .map(({ detail }) => `${detail} <- ${sql.replace(/\s+/g, ' ').slice(0, 300)}`),
  )
}

/** SCAN without an index reads the whole table; by the key from one end it stops at the limit. */
function expectIndexed(plans: readonly string[], { maySort = false }: { maySort?: boolean } = {}): void {
  for (const plan of plans) {
    const [detail = '', sql = ''] = plan.split(' <- ')
    const table = /^SCAN (\w+)/.exec(detail)?.[1]
    const isEndRead = / order by .*\bid"? desc limit/.test(sql) || /max\(/.test(sql)
    const name = new RegExp(`"(\\w+)" as "${table}"`).exec(sql)?.[1] ?? table ?? ''
    if (table !== undefined && LARGE.test(name) && !/USING (COVERING )?INDEX/.test(detail))
      expect(isEndRead, plan).toBe(true)
    if (!maySort) expect(detail, plan).not.toMatch(/TEMP B-TREE/)
  }
}

const page = { limit: 50, cursor: undefined }
const messages: MessageFilter = { status: [], workflowId: null, stepId: null, contactId: null, limit: 50 }

describe('a page goes by an index', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['contacts', () => listNewestContacts(world.db, page)],
    ['contacts, a later page', () => listNewestContacts(world.db, { limit: 50, cursor: cursorOf([9]) })],
    ['a search', () => searchContacts(world.db, { email: 'a', name: 'a' }, page)],
    [
      'a search, later',
      () =>
        searchContacts(world.db, { email: 'a', name: 'a' }, { limit: 50, cursor: cursorOf(['email_folded', 'ab', 9]) }),
    ],
    [
      'a search, later among names',
      () =>
        searchContacts(world.db, { email: 'a', name: 'a' }, { limit: 50, cursor: cursorOf(['name_folded', 'ab', 9]) }),
    ],
    ['one contact', () => findContact(world.db, contactId)],
    ['an address', () => findContactId(world.db, 'email', 'ada@example.com')],
    ['totals', () => contactTotals(world.db)],
    ['totals of messages', () => messageTotals(world.db)],
    ['a slice of the export', () => contactSlices(world.db, null, MONDAY).next()],
    ['a slice of the export by a condition', () => contactSlices(world.db, { tag: 'vip' }, MONDAY).next()],
    [
      'who is known, for a check',
      () => findAcquaintances(world.db, [{ emailFolded: 'ada@example.com', externalId: 'x' }]),
    ],
    ['messages', () => listMessages(world.db, messages)],
    ['messages, a later page', () => listMessages(world.db, { ...messages, cursor: cursorOf([9]) })],
    ['messages of a workflow', () => listMessages(world.db, { ...messages, workflowId })],
    ['messages of a step', () => listMessages(world.db, { ...messages, workflowId, stepId: 'hello' })],
    ['messages of a contact', () => listMessages(world.db, { ...messages, contactId })],
    ['a workflow', () => findWorkflow(world.db, workflowId)],
    ['fields', () => listFields(world.db)],
    ['attributes', () => attributeTypes(world.db)],
  ])('%s', async (_, run) => expectIndexed(await plansOf(run)))

  test.each([
    ['sent'],
    ['queued'],
    ['deferred'],
    ['failed'],
    ['uncertain'],
    ['skipped'],
    ['queued', 'deferred', 'sending'],
  ])('messages with the status %s %s %s', async (...status) =>
    expectIndexed(await plansOf(() => listMessages(world.db, { ...messages, status: status.flat() }))),
  )

  test('messages that wait or need attention are never looked for among all', async () => {
    for (const [status, index] of [
      ['queued', 'message_waiting'],
      ['deferred', 'message_waiting'],
      ['failed', 'message_attention'],
      ['uncertain', 'message_attention'],
      ['skipped', 'message_attention'],
    ] as const) {
      const plans = await plansOf(() => listMessages(world.db, { ...messages, status: [status] }))
      expect(plans.join('\n'), status).toContain(index)
    }
  })

  test.each<[string, () => Promise<unknown>]>([
    ['the journal of one contact', () => readJournal(world.db, contactId, { limit: 50 })],
    ['workflows and their counters', () => listWorkflows(world.db, { limit: 50, archived: false }, MONDAY)],
    ['the consents of one contact', () => listConsents(world.db, contactId)],
  ])('%s; what is sorted is theirs alone', async (_, run) => expectIndexed(await plansOf(run), { maySort: true }))
})

const cursorOf = (key: readonly (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

describe('a file that somebody takes slowly', () => {
  test('keeps nothing from being written back: the log shrinks to nothing between two slices', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'perennial-wal-'))
    const url = `file:${folder}/p.db`
    const writer = await openDatabase(url)
    await migrate(writer)
    const reader = await openDatabase(url, { readonly: true })
    const add = writer.raw.prepare(
      `INSERT INTO contact (part, name_folded, email_folded, attributes, tags, consent, suppression, created_at, updated_at)
       VALUES (0, '', '', '{}', '[]', '{}', 'none', 0, 0)`,
    )
    const fill = writer.raw.transaction((n: number) => {
      for (let i = 0; i < n; i += 1) add.run()
    })
    fill(3_000)
    const slices = contactSlices(reader, null, MONDAY)
    let taken = (await slices.next()).value?.length ?? 0
    for (let round = 0; round < 3; round += 1) {
      fill(2_000)
      expect(statSync(`${folder}/p.db-wal`).size).toBeGreaterThan(100_000)
      writer.raw.pragma('busy_timeout = 0')
      expect(writer.raw.pragma('wal_checkpoint(TRUNCATE)')).toMatchObject([{ busy: 0 }])
      expect(statSync(`${folder}/p.db-wal`).size).toBe(0)
      taken += (await slices.next()).value?.length ?? 0
    }
    // Whoever was there when it began is in the file.
    for await (const rows of slices) taken += rows.length
    expect(taken).toBe(3_000)
    await reader.close()
    await writer.close()
    rmSync(folder, { recursive: true, force: true })
  })
})
