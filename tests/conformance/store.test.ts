/** What every Store must do, whatever database is behind it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EnrollmentWrite, LiveEnrollment, MessageWrite, NewEnrollment, Store } from '../../server/db/hot/store.ts'
import type { Db, DialectName } from '../../server/db/open.ts'
import {
  type AccountId,
  type ContactId,
  fromColumn,
  type MessageId,
  partOf,
  type StepNo,
  type WorkflowId,
} from '../../shared/ids.ts'
import { memoryDatabase } from '../support/database.ts'

// The first database on PostgreSQL starts the server, which takes seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const DIALECTS: readonly DialectName[] = ['sqlite', 'postgres']
const T = 1_800_000_000_000
const workflowId = fromColumn<WorkflowId>(7)
const accountId = fromColumn<AccountId>(3)

describe.each(DIALECTS)('the store on %s', (dialect) => {
  let db: Db
  let store: Store
  /** Cold statements of the transaction under test. */
  let sql: Db['sql']
  beforeEach(async () => {
    db = await memoryDatabase(dialect)
  })
  afterEach(() => db.close())
  /** The contract: only inside a transaction. */
  const inside = <T>(work: () => Promise<T>): Promise<T> =>
    db.sql.transaction().execute((transaction) => {
      sql = transaction
      store = db.storeIn(transaction)
      return work()
    })

  async function contact(overrides: { email?: string; suppression?: string } = {}): Promise<ContactId> {
    const { email = 'a@example.com', suppression = 'none' } = overrides
    const blank = {
      external_id: null,
      name_folded: '',
      timezone: null,
      locale: null,
      attributes: '{}',
      tags: '[]',
      consent: '{}',
    }
    const values = { ...blank, part: 0, email, email_folded: email, suppression, created_at: T, updated_at: T }
    const row = await sql.insertInto('contact').values(values).returning('id').executeTakeFirstOrThrow()
    const id = fromColumn<ContactId>(row.id)
    await sql
      .updateTable('contact')
      .set({ part: partOf(id) })
      .where('id', '=', id)
      .execute()
    await sql
      .insertInto('contact_identity')
      .values({ kind: 'email', value: email, part: partOf(id), contact_id: id })
      .onConflict((on) => on.doNothing())
      .execute()
    return id
  }
  const entry = (contactId: ContactId, overrides: Partial<NewEnrollment> = {}): NewEnrollment => ({
    part: partOf(contactId),
    contactId,
    workflowId,
    version: 1,
    entryNo: 1,
    slot: '',
    stepNo: fromColumn<StepNo>(1),
    enteredAt: T,
    entryEvent: null,
    bulk: 0,
    ...overrides,
  })
  const write = (row: LiveEnrollment, overrides: Partial<EnrollmentWrite> = {}): EnrollmentWrite => ({
    part: row.part,
    id: row.id,
    expectedSeq: row.seq,
    stepNo: row.stepNo,
    status: 'active',
    isWaiting: 1,
    dueAt: T + 100,
    arrivedAt: T,
    endedAt: null,
    endReason: null,
    error: null,
    ...overrides,
  })
  const mail = (row: LiveEnrollment, overrides: Partial<MessageWrite> = {}): MessageWrite => ({
    part: row.part,
    contactId: row.contactId,
    enrollmentId: row.id,
    seq: 1,
    k: 0,
    workflowId,
    version: 1,
    stepNo: row.stepNo,
    emailKey: 'hello',
    accountId,
    lane: 1,
    arrivedHour: T,
    status: 'queued',
    reason: null,
    notBefore: T,
    expiresAt: T + 1e9,
    createdAt: T,
    finishedAt: null,
    ...overrides,
  })
  async function living(): Promise<LiveEnrollment> {
    const id = await contact()
    await store.insertEnrollment(entry(id))
    const [row] = await store.findLiveEnrollments(partOf(id), id)
    if (row === undefined) throw new Error('expected a live enrollment')
    return row
  }

  test('claims who is due, oldest first, up to the limit, and knows who is next', () =>
    inside(async () => {
      for (const due of [300, 100, 200]) {
        await store.insertEnrollment(entry(await contact({ email: `${due}@example.com` }), { enteredAt: T + due }))
      }
      expect((await store.claimDueEnrollments(T + 250, 10)).map((row) => row.dueAt)).toEqual([T + 100, T + 200])
      expect(await store.claimDueEnrollments(T + 900, 1)).toHaveLength(1)
      expect(await store.nextDueAt()).toBe(T + 100)
    }))

  test('finds enrollments by id, ended ones and their status too', () =>
    inside(async () => {
      const row = await living()
      const ended = { status: 'exited', isWaiting: 0, dueAt: null, endedAt: T, endReason: 'done' } as const
      await store.writeActivations({ enrollments: [write(row, ended)], log: [], messages: [] })
      const [found, ...others] = await store.findEnrollments([row.id, fromColumn(4_711)])
      expect(found).toEqual({ ...row, status: 'exited', isWaiting: 0, dueAt: null, seq: 1 })
      expect(others).toEqual([])
      expect(await store.findEnrollments([])).toEqual([])
    }))

  test('many contacts are found as one is', () =>
    inside(async () => {
      const ids: ContactId[] = []
      for (const n of [1, 2, 3, 4, 5]) ids.push(await contact({ email: `${n}@example.com` }))
      const together = await store.findContacts([...ids, fromColumn<ContactId>(4_711)])
      const apart = (await Promise.all(ids.map((id) => store.findContacts([id])))).flat()
      expect([...together].sort((a, b) => a.id - b.id)).toEqual(apart)
      expect(apart.map((row) => row.email)).toEqual(['1', '2', '3', '4', '5'].map((n) => `${n}@example.com`))
    }))

  test('one entry number and one slot are given once', () =>
    inside(async () => {
      const id = await contact()
      expect(await store.insertEnrollment(entry(id))).not.toBeNull()
      expect(await store.insertEnrollment(entry(id))).toBeNull()
      expect(await store.insertEnrollment(entry(id, { entryNo: 2 }))).toBeNull()
      expect(await store.insertEnrollment(entry(id, { entryNo: 2, slot: 'b' }))).not.toBeNull()
      expect(await store.insertEnrollment(entry(id, { entryNo: 3, slot: null }))).not.toBeNull()
      expect(await store.insertEnrollment(entry(id, { entryNo: 4, slot: null }))).not.toBeNull()
      expect((await store.entryHistory(partOf(id), workflowId, id)).map((row) => row.entryNo)).toEqual([1, 2, 3, 4])
    }))

  test('a slot is free again once its enrollment has ended', () =>
    inside(async () => {
      const row = await living()
      const ended = write(row, { status: 'completed', dueAt: null, endedAt: T, endReason: 'completed' })
      expect(await store.writeActivations({ enrollments: [ended], log: [], messages: [] })).toBe(1)
      expect(await store.insertEnrollment(entry(row.contactId, { entryNo: 2 }))).not.toBeNull()
    }))

  test('writes only where the seq is the one that was read, and raises it', () =>
    inside(async () => {
      const row = await living()
      const batch = { enrollments: [write(row)], log: [], messages: [] }
      expect([await store.writeActivations(batch), await store.writeActivations(batch)]).toEqual([1, 0])
      const [after] = await store.findLiveEnrollments(row.part, row.contactId)
      expect(after).toMatchObject({ seq: row.seq + 1, dueAt: T + 100, isWaiting: 1 })
    }))

  test('one cause has one message', () =>
    inside(async () => {
      const row = await living()
      await store.writeActivations({ enrollments: [], log: [], messages: [mail(row)] })
      await expect(store.writeActivations({ enrollments: [], log: [], messages: [mail(row)] })).rejects.toThrow()
    }))

  test('an event with a key that was used is not recorded again', () =>
    inside(async () => {
      const id = await contact()
      const event = {
        part: partOf(id),
        contactId: id,
        name: 'E',
        properties: '{}',
        occurredAt: T,
        recordedAt: T,
        idemKey: 'k',
      }
      expect(await store.insertEvent(event)).not.toBeNull()
      expect(await store.insertEvent(event)).toBeNull()
      expect(await store.insertEvent({ ...event, idemKey: null })).not.toBeNull()
      expect(await store.findEvents([{ part: partOf(id), contactId: id, names: ['E', 'F'] }])).toHaveLength(2)
    }))

  test('counters add up', () =>
    inside(async () => {
      const delta = { workflowId, version: 1, stepNo: 1, hour: 0, metric: 'entered', n: 2 }
      await store.addCounters([
        delta,
        { ...delta, n: 3 },
        { ...delta, metric: 'passed', n: -1 },
        { ...delta, metric: 'none', n: 0 },
      ])
      const rows = await sql.selectFrom('step_stat').select(['metric', 'n']).orderBy('metric').execute()
      expect(rows).toEqual([
        { metric: 'entered', n: 5 },
        { metric: 'passed', n: -1 },
      ])
    }))

  test('tests leave first, then transactional, triggered and bulk mail; nothing before its time', () =>
    inside(async () => {
      const row = await living()
      const messages = [2, 1, 0, 3].map((lane, k) => mail(row, { lane, k }))
      await store.writeActivations({
        enrollments: [],
        log: [],
        messages: [...messages, mail(row, { k: 9, notBefore: T + 5 })],
      })
      expect((await store.findReadyMessages(accountId, T, 3)).map((one) => one.lane)).toEqual([3, 0, 1])
      expect(await store.findReadyMessages(accountId, T - 1, 9)).toEqual([])
      expect(await store.nextReadyAt(accountId)).toBe(T)
    }))

  test('each attempt gets the next number of its message, and a link replaces the one before it', () =>
    inside(async () => {
      const one = { stage: 'rcpt', code: 451, enhanced: '4.3.0', response: 'later', at: T, tookMs: 7 }
      const [first, second] = [fromColumn<MessageId>(1), fromColumn<MessageId>(2)]
      await store.insertAttempts([
        { ...one, messageId: first },
        { ...one, messageId: second },
        { ...one, messageId: first },
      ])
      await store.insertAttempts([{ ...one, messageId: first, code: null, enhanced: null }])
      const attempts = await sql.selectFrom('attempt').selectAll().orderBy('message_id').orderBy('n').execute()
      expect(attempts.map(({ message_id, n, code }) => [message_id, n, code])).toEqual([
        [1, 1, 451],
        [1, 2, 451],
        [1, 3, null],
        [2, 1, 451],
      ])
      await store.putLinks([{ messageId: first, no: 3, url: 'https://a.example/' }])
      await store.putLinks([{ messageId: first, no: 3, url: 'https://b.example/' }])
      const links = await sql.selectFrom('message_link').selectAll().execute()
      expect(links).toEqual([{ message_id: 1, no: 3, url: 'https://b.example/' }])
    }))

  test('the dot is marked once, for its lease, and never for a suppressed contact', () =>
    inside(async () => {
      const row = await living()
      await store.writeActivations({
        enrollments: [],
        log: [],
        messages: [mail(row), mail(row, { k: 1 }), mail(row, { k: 2, lane: 0 })],
      })
      const ids = (await store.findReadyMessages(accountId, T, 9)).map((one) => one.id)
      await store.leaseMessages(ids, 'mine', T)
      const mark = (id: MessageId, lease = 'mine') => ({
        id,
        lease,
        at: T,
        recipient: 'a@example.com',
        recipientFolded: 'a@example.com',
        messageIdHeader: 'h',
      })
      const byK = async (k: number) =>
        (await store.findMessages(ids)).find((one) => one.k === k)?.id ?? fromColumn<MessageId>(0)
      const [first, second, transactional] = [await byK(0), await byK(1), await byK(2)]
      expect(await store.markDots([mark(first, 'theirs'), mark(first), mark(first)])).toEqual([false, true, false])
      await sql.updateTable('contact').set({ suppression: 'global' }).execute()
      expect(await store.markDots([mark(second)])).toEqual([false])
      expect(await store.markDots([mark(transactional)])).toEqual([true])
    }))
})
