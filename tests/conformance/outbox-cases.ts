/** The outbox: what every Store must do. */
import { expect, test } from 'vitest'
import { fromColumn, type MessageId } from '../../shared/ids.ts'
import { accountId, contact, end, type Inside, leased, living, mail, mark, T } from './given.ts'

export function outboxCases(inside: Inside): void {
  test('tests leave first, then transactional, triggered and bulk mail; nothing before its time', () =>
    inside(async (given) => {
      const { store } = given
      const row = await living(given)
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
    inside(async (given) => {
      const { store, sql } = given
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
    inside(async (given) => {
      const { store, sql } = given
      const row = await living(given)
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

  test('nothing asked, nothing done', () =>
    inside(async ({ store }) => {
      expect([await store.findMessages([]), await store.markDots([])]).toEqual([[], []])
      await Promise.all([
        store.leaseMessages([], 'l', T),
        store.finishMessages([]),
        store.insertAttempts([]),
        store.putLinks([]),
      ])
      expect(await store.findReadyMessages(accountId, T, 5)).toEqual([])
      expect(await store.nextReadyAt(accountId)).toBeNull()
    }))

  test('messages are found in the order they are asked for', () =>
    inside(async (given) => {
      const [a, b, c] = (await leased(given, await living(given), [{}, {}, {}])).map((one) => one.id)
      if (a === undefined || b === undefined || c === undefined) throw new Error('expected three messages')
      const nobody = fromColumn<MessageId>(4_711)
      expect((await given.store.findMessages([c, nobody, a, b])).map((one) => one.id)).toEqual([c, a, b])
    }))

  test('of a lane the oldest leave first, of other accounts none, and never more than asked', () =>
    inside(async (given) => {
      const { store } = given
      const row = await living(given)
      const times = [30, 10, 20].map((ms, k) => mail(row, { k, notBefore: T + ms }))
      const foreign = mail(row, { k: 9, accountId: fromColumn(99), notBefore: T + 5 })
      await store.writeActivations({ enrollments: [], log: [], messages: [...times, foreign] })
      expect((await store.findReadyMessages(accountId, T + 30, 2)).map((one) => one.notBefore - T)).toEqual([10, 20])
      expect(await store.findReadyMessages(accountId, T + 30, 0)).toEqual([])
      expect(await store.nextReadyAt(accountId)).toBe(T + 10)
    }))

  test('a lease takes what is queued or deferred, counts the try, and nothing else', () =>
    inside(async (given) => {
      const { store } = given
      const [first, second] = await leased(given, await living(given), [{}, {}])
      if (first === undefined || second === undefined) throw new Error('expected two messages')
      expect(first).toMatchObject({ status: 'sending', lease: 'mine', attempt: 1, claimedAt: T })
      await store.finishMessages([
        end(first, { status: 'deferred', reason: 'later', finishedAt: null, dotAt: null, notBefore: T + 9 }),
      ])
      await store.leaseMessages([first.id, second.id], 'theirs', T + 9)
      const found = await store.findMessages([first.id, second.id])
      expect(found.map((one) => [one.lease, one.attempt, one.notBefore])).toEqual([
        ['theirs', 2, T + 9],
        ['mine', 1, T],
      ])
    }))

  test('an end says all of itself, keeps the last words of the server, and remembers the first doubt', () =>
    inside(async (given) => {
      const { store, sql } = given
      const [one] = await leased(given, await living(given), [{}])
      if (one === undefined) throw new Error('expected a message')
      const state = () =>
        sql
          .selectFrom('message')
          .select(['status', 'reason', 'response', 'doubts', 'doubted_at', 'attempt', 'lease', 'dot_at', 'finished_at'])
          .executeTakeFirstOrThrow()
      expect(await store.markDots([mark(one.id)])).toEqual([true])
      const again = { status: 'queued', finishedAt: null, dotAt: null } as const
      await store.finishMessages([end(one, { ...again, doubt: 1, response: null })])
      expect(await state()).toMatchObject({
        status: 'queued',
        doubts: 1,
        doubted_at: T + 1,
        attempt: 1,
        lease: null,
        dot_at: null,
      })
      await store.leaseMessages([one.id], 'mine', T + 5)
      await store.markDots([{ ...mark(one.id), at: T + 6 }])
      await store.finishMessages([end(one, { ...again, doubt: 1, attemptDelta: -1 })])
      expect(await state()).toMatchObject({ doubts: 2, doubted_at: T + 1, attempt: 1, response: '250 ok' })
      await store.leaseMessages([one.id], 'mine', T + 7)
      await store.finishMessages([end(one, { status: 'failed', reason: 'bounced', response: null, dotAt: null })])
      expect(await state()).toMatchObject({
        status: 'failed',
        reason: 'bounced',
        response: '250 ok',
        finished_at: T + 2,
      })
    }))

  test('a test leaves for a person who opted out, never for an address that is gone', () =>
    inside(async (given) => {
      const { store, sql } = given
      await contact(given, { email: 'gone@example.com', suppression: 'hard' })
      await contact(given, { email: 'out@example.com', suppression: 'global' })
      const blank = {
        part: 0,
        contact_id: 0,
        enrollment_id: null,
        seq: 0,
        workflow_id: 7,
        version: 0,
        step_no: null,
        email_key: 'hello',
      }
      const times = { not_before: T, expires_at: T + 9, created_at: T, claimed_at: T, dot_at: null, finished_at: null }
      const none = { reason: null, detail: null, recipient: null, response: null, message_id: null }
      const ids: MessageId[] = []
      for (const k of [0, 1, 2]) {
        const values = { ...blank, ...times, ...none, k, account_id: accountId, lane: 3, attempt: 1, test: '{}' }
        const row = { ...values, status: 'sending', lease: 'mine' }
        const { id } = await sql.insertInto('message').values(row).returning('id').executeTakeFirstOrThrow()
        ids.push(fromColumn<MessageId>(id))
      }
      const to = ['gone@example.com', 'out@example.com', 'new@example.com']
      expect(await store.markDots(ids.map((id, i) => mark(id, 'mine', to[i])))).toEqual([false, true, true])
    }))

  test('of two addresses for one link in one batch the later stays', () =>
    inside(async ({ store, sql }) => {
      const messageId = fromColumn<MessageId>(1)
      await store.putLinks(['https://a.example/', 'https://b.example/'].map((url) => ({ messageId, no: 0, url })))
      expect(await sql.selectFrom('message_link').select('url').execute()).toEqual([{ url: 'https://b.example/' }])
    }))
}
