/** The hot statements of the outbox, for PostgreSQL. */
import type { AccountId, MessageId } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import { MESSAGE } from './postgres-rows.ts'
import { columnsOf, type Run } from './postgres-run.ts'
import type { AttemptWrite, DotWrite, FinishWrite, LinkWrite, OpenMessage } from './store.ts'

/** A person waits for a test send; then transactional, triggered and bulk mail. */
const LANES_IN_ORDER = [3, 0, 1, 2] as const

export function postgresMessages(run: Run) {
  return { ...claims(run), ...endings(run) }
}

function claims(run: Run) {
  return {
    // One statement per lane, each a range of the index of ready messages; rows another worker is claiming are passed over.
    async findReadyMessages(accountId: AccountId, now: Instant, limit: number) {
      const found: OpenMessage[] = []
      for (const lane of LANES_IN_ORDER) {
        if (found.length >= limit) break
        const rows = await run.rows<OpenMessage>(
          `SELECT ${MESSAGE} FROM message m WHERE m.account_id = $1 AND m.lane = ${lane} AND m.not_before <= $2
             AND m.status IN ('queued', 'deferred') ORDER BY m.not_before, m.id LIMIT $3 FOR UPDATE SKIP LOCKED`,
          [accountId, now, limit - found.length],
        )
        found.push(...rows)
      }
      return found
    },
    async nextReadyAt(accountId: AccountId) {
      const seek = (lane: number) => `(SELECT not_before FROM message WHERE account_id = $1 AND lane = ${lane}
        AND status IN ('queued', 'deferred') ORDER BY not_before LIMIT 1)`
      const [next] = await run.rows<{ at: Instant | null }>(
        `SELECT least(${LANES_IN_ORDER.map(seek).join(', ')}) AS at`,
        [accountId],
      )
      return next?.at ?? null
    },
    async leaseMessages(ids: readonly MessageId[], lease: string, at: Instant) {
      if (ids.length === 0) return
      await run.changes(
        `UPDATE message SET status = 'sending', lease = $1, claimed_at = $2, attempt = attempt + 1, reason = NULL
         WHERE id = ANY ($3::bigint[]) AND status IN ('queued', 'deferred')`,
        [lease, at, ids],
      )
    },
    async findMessages(ids: readonly MessageId[]) {
      if (ids.length === 0) return []
      return run.rows<OpenMessage>(
        `SELECT ${MESSAGE} FROM unnest($1::bigint[]) WITH ORDINALITY AS w (id, i) JOIN message m ON m.id = w.id ORDER BY w.i`,
        [ids],
      )
    },
  }
}

function endings(run: Run) {
  return {
    async markDots(marks: readonly DotWrite[]) {
      if (marks.length === 0) return []
      const marked = await writeDots(run, marks)
      return marks.map((_, index) => marked.has(index + 1))
    },
    async finishMessages(writes: readonly FinishWrite[]) {
      if (writes.length > 0) await writeFinishes(run, writes)
    },
    async insertAttempts(writes: readonly AttemptWrite[]) {
      if (writes.length === 0) return
      const { values, from } = columnsOf(writes, {
        messageId: 'bigint',
        stage: 'text',
        code: 'integer',
        enhanced: 'text',
        response: 'text',
        at: 'bigint',
        tookMs: 'bigint',
      })
      await run.changes(
        `INSERT INTO attempt (message_id, n, stage, code, enhanced, response, at, took_ms)
         SELECT w."messageId", coalesce((SELECT max(a.n) FROM attempt a WHERE a.message_id = w."messageId"), 0)
             + row_number() OVER (PARTITION BY w."messageId" ORDER BY w.i),
           w.stage, w.code, w.enhanced, w.response, w.at, w."tookMs" FROM ${from}`,
        values,
      )
    },
    async putLinks(writes: readonly LinkWrite[]) {
      if (writes.length === 0) return
      const { values, from } = columnsOf(writes, { messageId: 'bigint', no: 'integer', url: 'text' })
      await run.changes(
        `INSERT INTO message_link (message_id, no, url)
         SELECT DISTINCT ON (w."messageId", w.no) w."messageId", w.no, w.url FROM ${from} ORDER BY w."messageId", w.no, w.i DESC
         ON CONFLICT (message_id, no) DO UPDATE SET url = excluded.url`,
        values,
      )
    },
  }
}

/** The places of the marks that were written. Lane 0 is transactional, 3 a test: both bypass a global opt-out, nothing a hard suppression. */
async function writeDots(run: Run, marks: readonly DotWrite[]): Promise<ReadonlySet<number>> {
  const { values, from } = columnsOf(marks, {
    id: 'bigint',
    lease: 'text',
    at: 'bigint',
    recipient: 'text',
    recipientFolded: 'text',
    messageIdHeader: 'text',
  })
  const rows = await run.rows<{ i: number }>(
    `UPDATE message m SET dot_at = w.at, recipient = w.recipient, message_id = w."messageIdHeader"
     FROM (SELECT DISTINCT ON (w.id, w.lease) * FROM ${from} ORDER BY w.id, w.lease, w.i) w
     WHERE m.id = w.id AND m.lease = w.lease AND m.status = 'sending' AND m.dot_at IS NULL
       AND CASE WHEN m.lane = 3
         THEN NOT EXISTS (SELECT 1 FROM contact_identity i JOIN contact c ON c.id = i.contact_id
                          WHERE i.kind = 'email' AND i.value = w."recipientFolded" AND c.suppression = 'hard')
         ELSE EXISTS (SELECT 1 FROM contact c WHERE c.id = m.contact_id
                      AND (c.suppression = 'none' OR (c.suppression = 'global' AND m.lane = 0))) END
     RETURNING w.i`,
    values,
  )
  return new Set(rows.map(({ i }) => i))
}

/** Each message once: of two ends of the same one the later counts. */
async function writeFinishes(run: Run, writes: readonly FinishWrite[]): Promise<void> {
  const { values, from } = columnsOf(writes, {
    id: 'bigint',
    status: 'text',
    reason: 'text',
    detail: 'text',
    notBefore: 'bigint',
    response: 'text',
    finishedAt: 'bigint',
    dotAt: 'bigint',
    doubt: 'integer',
    attemptDelta: 'integer',
  })
  await run.changes(
    `UPDATE message m SET status = w.status, reason = w.reason, detail = w.detail, not_before = w."notBefore", lease = NULL,
       response = coalesce(w.response, m.response), finished_at = w."finishedAt", dot_at = w."dotAt", doubts = m.doubts + w.doubt,
       doubted_at = CASE WHEN w.doubt = 1 THEN coalesce(m.doubted_at, m.dot_at) ELSE m.doubted_at END,
       attempt = m.attempt + w."attemptDelta"
     FROM (SELECT DISTINCT ON (w.id) * FROM ${from} ORDER BY w.id, w.i DESC) w WHERE m.id = w.id`,
    values,
  )
}
