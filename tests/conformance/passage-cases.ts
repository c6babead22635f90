/** People, events, passages and counters: what every Store must do. */
import { expect, test } from 'vitest'
import { type ContactId, fromColumn, partOf } from '../../shared/ids.ts'
import { contact, end, entry, type Inside, leased, living, mail, NOBODY, T, workflowId, write } from './given.ts'

export function passageCases(inside: Inside): void {
  test('claims who is due, oldest first, up to the limit, and knows who is next', () =>
    inside(async (given) => {
      const { store } = given
      for (const due of [300, 100, 200]) {
        await store.insertEnrollment(
          entry(await contact(given, { email: `${due}@example.com` }), { enteredAt: T + due }),
        )
      }
      expect((await store.claimDueEnrollments(T + 250, 10)).map((row) => row.dueAt)).toEqual([T + 100, T + 200])
      expect(await store.claimDueEnrollments(T + 900, 1)).toHaveLength(1)
      expect(await store.nextDueAt()).toBe(T + 100)
    }))

  test('finds enrollments by id, ended ones and their status too', () =>
    inside(async (given) => {
      const { store } = given
      const row = await living(given)
      const ended = { status: 'exited', isWaiting: 0, dueAt: null, endedAt: T, endReason: 'done' } as const
      await store.writeActivations({ enrollments: [write(row, ended)], log: [], messages: [] })
      const [found, ...others] = await store.findEnrollments([row.id, fromColumn(NOBODY)])
      expect(found).toEqual({ ...row, status: 'exited', isWaiting: 0, dueAt: null, seq: 1 })
      expect(others).toEqual([])
      expect(await store.findEnrollments([])).toEqual([])
    }))

  test('many contacts are found as one is', () =>
    inside(async (given) => {
      const { store } = given
      const ids: ContactId[] = []
      for (const n of [1, 2, 3, 4, 5]) ids.push(await contact(given, { email: `${n}@example.com` }))
      const together = await store.findContacts([...ids, fromColumn<ContactId>(NOBODY)])
      const apart = (await Promise.all(ids.map((id) => store.findContacts([id])))).flat()
      expect([...together].sort((a, b) => a.id - b.id)).toEqual(apart)
      expect(apart.map((row) => row.email)).toEqual(['1', '2', '3', '4', '5'].map((n) => `${n}@example.com`))
    }))

  test('one entry number and one slot are given once', () =>
    inside(async (given) => {
      const { store } = given
      const id = await contact(given)
      expect(await store.insertEnrollment(entry(id))).not.toBeNull()
      expect(await store.insertEnrollment(entry(id))).toBeNull()
      expect(await store.insertEnrollment(entry(id, { entryNo: 2 }))).toBeNull()
      expect(await store.insertEnrollment(entry(id, { entryNo: 2, slot: 'b' }))).not.toBeNull()
      expect(await store.insertEnrollment(entry(id, { entryNo: 3, slot: null }))).not.toBeNull()
      expect(await store.insertEnrollment(entry(id, { entryNo: 4, slot: null }))).not.toBeNull()
      expect((await store.entryHistory(partOf(id), workflowId, id)).map((row) => row.entryNo)).toEqual([1, 2, 3, 4])
    }))

  test('a slot is free again once its enrollment has ended', () =>
    inside(async (given) => {
      const { store } = given
      const row = await living(given)
      const ended = write(row, { status: 'completed', dueAt: null, endedAt: T, endReason: 'completed' })
      expect(await store.writeActivations({ enrollments: [ended], log: [], messages: [] })).toBe(1)
      expect(await store.insertEnrollment(entry(row.contactId, { entryNo: 2 }))).not.toBeNull()
    }))

  test('writes only where the seq is the one that was read, and raises it', () =>
    inside(async (given) => {
      const { store } = given
      const row = await living(given)
      const batch = { enrollments: [write(row)], log: [], messages: [] }
      expect([await store.writeActivations(batch), await store.writeActivations(batch)]).toEqual([1, 0])
      const [after] = await store.findLiveEnrollments(row.part, row.contactId)
      expect(after).toMatchObject({ seq: row.seq + 1, dueAt: T + 100, isWaiting: 1 })
    }))

  test('one cause has one message', () =>
    inside(async (given) => {
      const { store } = given
      const row = await living(given)
      await store.writeActivations({ enrollments: [], log: [], messages: [mail(row)] })
      await expect(store.writeActivations({ enrollments: [], log: [], messages: [mail(row)] })).rejects.toThrow()
    }))

  test('an event with a key that was used is not recorded again', () =>
    inside(async (given) => {
      const { store } = given
      const id = await contact(given)
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
    inside(async (given) => {
      const { store, sql } = given
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

  test('nothing asked, nothing done', () =>
    inside(async ({ store, sql }) => {
      expect([await store.findContacts([]), await store.findEvents([]), await store.findDeeds([])]).toEqual([
        [],
        [],
        [],
      ])
      expect(await store.writeActivations({ enrollments: [], log: [], messages: [] })).toBe(0)
      await store.addCounters([])
      expect(await store.claimDueEnrollments(T, 10)).toEqual([])
      expect(await store.nextDueAt()).toBeNull()
      expect(await sql.selectFrom('step_stat').selectAll().execute()).toEqual([])
    }))

  test('a contact is read as it was written', () =>
    inside(async (given) => {
      const id = await contact(given)
      const [found] = await given.store.findContacts([id])
      expect(found).toEqual({
        id,
        email: 'a@example.com',
        externalId: null,
        timezone: null,
        locale: null,
        createdAt: T,
        attributes: '{}',
        tags: '[]',
        consent: '{}',
        suppression: 'none',
      })
    }))

  test('who is paused is alive but never due, and only an end reaches them', () =>
    inside(async (given) => {
      const { store, sql } = given
      const row = await living(given)
      await sql.updateTable('enrollment').set({ status: 'paused', due_at: null, remaining_ms: 5 }).execute()
      expect(await store.claimDueEnrollments(T + 1e9, 10)).toEqual([])
      expect(await store.findLiveEnrollments(row.part, row.contactId)).toMatchObject([
        { status: 'paused', dueAt: null },
      ])
      expect(await store.writeActivations({ enrollments: [write(row)], log: [], messages: [] })).toBe(0)
      const exited = write(row, { status: 'exited', dueAt: null, endedAt: T, endReason: 'goal' })
      expect(await store.writeActivations({ enrollments: [exited], log: [], messages: [] })).toBe(1)
      expect(await sql.selectFrom('enrollment').select(['status', 'remaining_ms', 'end_reason']).execute()).toEqual([
        { status: 'exited', remaining_ms: null, end_reason: 'goal' },
      ])
    }))

  test('of a batch as many are answered as were written, with log and mail in the order given', () =>
    inside(async (given) => {
      const { store, sql } = given
      const [ann, ben] = [await living(given, 'ann@example.com'), await living(given, 'ben@example.com')]
      const log = [ben, ann].map((row) => ({
        part: row.part,
        contactId: row.contactId,
        enrollmentId: row.id,
        seq: 1,
        at: T,
        input: 'timer' as const,
        path: '[{"why":"it\'s, {so} \\ "said""}]',
        messages: 1,
      }))
      const messages = [mail(ben, { k: 1 }), mail(ann), mail(ben)]
      const skipped = mail(ann, { k: 2, status: 'skipped', reason: 'no-consent', finishedAt: T })
      const enrollments = [write(ann), write(ben, { expectedSeq: 9 })]
      expect(await store.writeActivations({ enrollments, log, messages: [...messages, skipped] })).toBe(1)
      const written = await sql
        .selectFrom('message')
        .select(['contact_id', 'k', 'status', 'reason'])
        .orderBy('id')
        .execute()
      expect(written.map(({ contact_id, k, status, reason }) => [contact_id, k, status, reason])).toEqual([
        [ben.contactId, 1, 'queued', null],
        [ann.contactId, 0, 'queued', null],
        [ben.contactId, 0, 'queued', null],
        [ann.contactId, 2, 'skipped', 'no-consent'],
      ])
      const paths = await sql.selectFrom('enrollment_log').select(['path', 'input']).execute()
      expect(paths).toEqual([0, 1].map(() => ({ path: log[0]?.path, input: 'timer' })))
    }))

  test('one activation has one entry in the log', () =>
    inside(async (given) => {
      const { part, contactId, id: enrollmentId } = await living(given)
      const log = [{ part, contactId, enrollmentId, seq: 1, at: T, input: 'exit' as const, path: '[]', messages: 0 }]
      await given.store.writeActivations({ enrollments: [], log, messages: [] })
      await expect(given.store.writeActivations({ enrollments: [], log, messages: [] })).rejects.toThrow()
    }))

  test('events are found by contact and name, oldest first of each name', () =>
    inside(async (given) => {
      const { store } = given
      const [ann, ben] = [
        await contact(given, { email: 'ann@x.example' }),
        await contact(given, { email: 'ben@x.example' }),
      ]
      const happened = (contactId: ContactId, name: string, occurredAt: number, properties = '{}') =>
        store.insertEvent({
          part: partOf(contactId),
          contactId,
          name,
          properties,
          occurredAt,
          recordedAt: T,
          idemKey: null,
        })
      await happened(ann, 'Order', T + 2, '{"total":9.5}')
      await happened(ann, 'Order', T + 1)
      await happened(ann, 'Visit', T)
      await happened(ben, 'Order', T)
      const found = await store.findEvents([{ part: partOf(ann), contactId: ann, names: ['Order', 'Never'] }])
      expect(found.map((row) => [row.contactId, row.name, row.occurredAt])).toEqual([
        [ann, 'Order', T + 1],
        [ann, 'Order', T + 2],
      ])
      expect(JSON.parse(found[1]?.properties ?? '')).toEqual({ total: 9.5 })
    }))

  test('deeds are those of one passage, or of any passage of the contact', () =>
    inside(async (given) => {
      const { store, sql } = given
      const row = await living(given)
      const other = await store.insertEnrollment(entry(row.contactId, { entryNo: 2, slot: 'b' }))
      if (other === null) throw new Error('expected a second passage')
      const [sent, later] = await leased(given, row, [{}, { enrollmentId: other, seq: 2 }])
      if (sent === undefined || later === undefined) throw new Error('expected two messages')
      await store.finishMessages([
        end(sent),
        end(later, { status: 'deferred', reason: 'later', finishedAt: null, dotAt: null }),
      ])
      const deed = {
        part: row.part,
        contact_id: row.contactId,
        email_key: 'hello',
        link_no: null,
        url: null,
        user_agent: null,
      }
      for (const [kind, machine, message] of [
        ['clicked', 0, sent],
        ['opened', 1, later],
        ['complained', 0, later],
      ] as const) {
        const about = { message_id: message.id, enrollment_id: message.enrollmentId, at: T + 5 }
        await sql
          .insertInto('message_event')
          .values({ ...deed, ...about, kind, machine })
          .execute()
      }
      const did = async (enrollmentId: typeof row.id | null, emails = ['hello', 'never']) =>
        (await store.findDeeds([{ part: row.part, contactId: row.contactId, enrollmentId, emails }]))
          .map((one) => `${one.enrollmentId === row.id ? 'first' : 'second'} ${one.did} ${one.machine} ${one.at - T}`)
          .sort()
      expect(await did(row.id)).toEqual(['first clicked 0 5', 'first sent 0 2'])
      expect(await did(other)).toEqual(['second opened 1 5'])
      expect(await did(null)).toEqual(['first clicked 0 5', 'first sent 0 2', 'second opened 1 5'])
      expect(await did(null, ['never'])).toEqual([])
    }))
}
