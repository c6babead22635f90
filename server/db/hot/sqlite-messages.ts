/** The hot statements of the outbox, for SQLite. */
import type Sqlite from 'better-sqlite3'
import type { AccountId, MessageId } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import { MESSAGE, type MessageRow, toMessage } from './sqlite-rows.ts'
import type { AttemptWrite, DotWrite, FinishWrite, LinkWrite, OpenMessage } from './store.ts'

/** A person waits for a test send; then transactional, triggered and bulk mail. */
const LANES_IN_ORDER = [3, 0, 1, 2] as const

export function sqliteMessages(raw: Sqlite.Database) {
  let prepared: ReturnType<typeof prepareMessages> | null = null
  const statements = () => {
    prepared ??= prepareMessages(raw)
    return prepared
  }
  return {
    async findReadyMessages(accountId: AccountId, now: Instant, limit: number) {
      const found: OpenMessage[] = []
      for (const lane of LANES_IN_ORDER) {
        if (found.length >= limit) break
        for (const row of statements().ready.all(accountId, lane, now, limit - found.length)) found.push(toMessage(row))
      }
      return found
    },
    async nextReadyAt(accountId: AccountId) {
      let next: Instant | null = null
      for (const lane of LANES_IN_ORDER) {
        const at = statements().nextReady.get(accountId, lane)?.at ?? null
        if (at !== null && (next === null || at < next)) next = at
      }
      return next
    },
    async leaseMessages(ids: readonly MessageId[], lease: string, at: Instant) {
      for (const id of ids) statements().lease.run(lease, at, id)
    },
    async findMessages(ids: readonly MessageId[]) {
      const found: OpenMessage[] = []
      for (const id of ids) {
        const row = statements().byId.get(id)
        if (row !== undefined) found.push(toMessage(row))
      }
      return found
    },
    async markDots(marks: readonly DotWrite[]) {
      return marks.map((mark) => statements().dot.run(mark).changes === 1)
    },
    async finishMessages(writes: readonly FinishWrite[]) {
      for (const write of writes) statements().finish.run(write)
    },
    async insertAttempts(writes: readonly AttemptWrite[]) {
      for (const { messageId, stage, code, enhanced, response, at, tookMs } of writes) {
        statements().attempt.run(messageId, stage, code, enhanced, response, at, tookMs, messageId)
      }
    },
    async putLinks(writes: readonly LinkWrite[]) {
      for (const { messageId, no, url } of writes) statements().link.run(messageId, no, url)
    },
  }
}

function prepareMessages(raw: Sqlite.Database) {
  return {
    ready: raw
      .prepare<[AccountId, number, Instant, number], MessageRow>(
        `SELECT ${MESSAGE} FROM message WHERE account_id = ? AND lane = ? AND not_before <= ? AND status IN ('queued', 'deferred')
         ORDER BY not_before, id LIMIT ?`,
      )
      .raw(),
    nextReady: raw.prepare<[AccountId, number], { at: Instant | null }>(
      `SELECT not_before AS at FROM message WHERE account_id = ? AND lane = ? AND status IN ('queued', 'deferred')
       ORDER BY not_before LIMIT 1`,
    ),
    lease: raw.prepare<[string, Instant, MessageId]>(
      `UPDATE message SET status = 'sending', lease = ?, claimed_at = ?, attempt = attempt + 1, reason = NULL
       WHERE id = ? AND status IN ('queued', 'deferred')`,
    ),
    byId: raw.prepare<[MessageId], MessageRow>(`SELECT ${MESSAGE} FROM message WHERE id = ?`).raw(),
    // Lane 0 is transactional and 3 a test: both bypass a global opt-out, nothing bypasses a hard suppression.
    dot: raw.prepare<[DotWrite]>(
      `UPDATE message SET dot_at = @at, recipient = @recipient, message_id = @messageIdHeader
       WHERE id = @id AND lease = @lease AND status = 'sending' AND dot_at IS NULL
         AND CASE WHEN lane = 3
           THEN NOT EXISTS (SELECT 1 FROM contact_identity i JOIN contact c ON c.id = i.contact_id
                            WHERE i.kind = 'email' AND i.value = @recipientFolded AND c.suppression = 'hard')
           ELSE EXISTS (SELECT 1 FROM contact c WHERE c.id = message.contact_id
                        AND (c.suppression = 'none' OR (c.suppression = 'global' AND lane = 0))) END`,
    ),
    attempt: raw.prepare<(number | string | null)[]>(
      `INSERT INTO attempt (message_id, n, stage, code, enhanced, response, at, took_ms)
       SELECT ?, coalesce(max(n), 0) + 1, ?, ?, ?, ?, ?, ? FROM attempt WHERE message_id = ?`,
    ),
    link: raw.prepare<[MessageId, number, string]>(
      `INSERT INTO message_link (message_id, no, url) VALUES (?, ?, ?)
       ON CONFLICT (message_id, no) DO UPDATE SET url = excluded.url`,
    ),
    finish: raw.prepare<[FinishWrite]>(
      `UPDATE message SET status = @status, reason = @reason, detail = @detail, not_before = @notBefore, lease = NULL,
         response = coalesce(@response, response), finished_at = @finishedAt, dot_at = @dotAt, doubts = doubts + @doubt,
         doubted_at = CASE WHEN @doubt = 1 THEN coalesce(doubted_at, dot_at) ELSE doubted_at END,
         attempt = attempt + @attemptDelta
       WHERE id = @id`,
    ),
  }
}
