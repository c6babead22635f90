/**
 * The hot statements for PostgreSQL: one per table and batch, rows sent as columns (unnest). A claim never joins: with LIMIT as a bound
 * value PostgreSQL turned the join into a hash join over whole tables (ENGINE.md 3.1), so contacts are read by key in a second statement.
 */
import type { Kysely } from 'kysely'
import type { ContactId, EnrollmentId, EventId, Part, WorkflowId } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import type { Database } from '../schema.ts'
import { postgresImports } from './postgres-imports.ts'
import { postgresMessages } from './postgres-messages.ts'
import { CONTACT, ENROLLMENT } from './postgres-rows.ts'
import { columnsOf, type Run, runIn } from './postgres-run.ts'
import type {
  ActivationWrites,
  CounterDelta,
  DeedKey,
  EntryRow,
  EventKey,
  EventWrite,
  LiveEnrollment,
  MessageWrite,
  NewEnrollment,
  Store,
  StoredContact,
  StoredDeed,
  StoredEnrollment,
  StoredEvent,
} from './store.ts'

export function postgresStore(transaction: Kysely<Database>): Store {
  const run = runIn(transaction)
  return { ...people(run), ...passages(run), ...activations(run), ...postgresMessages(run), ...postgresImports(run) }
}

function people(run: Run) {
  return {
    findContacts: (ids: readonly ContactId[]) =>
      run.rows<StoredContact>(`SELECT ${CONTACT} FROM contact c WHERE c.id = ANY ($1::bigint[])`, [ids]),
    async findEvents(keys: readonly EventKey[]) {
      const wanted = keys.flatMap(({ part, contactId, names }) => names.map((name) => ({ part, contactId, name })))
      if (wanted.length === 0) return []
      const { values, from } = columnsOf(wanted, { part: 'smallint', contactId: 'bigint', name: 'text' })
      return run.rows<StoredEvent>(
        `SELECT e.id, e.contact_id AS "contactId", e.name, e.occurred_at AS "occurredAt", e.properties
         FROM ${from} JOIN event e ON e.contact_id = w."contactId" AND e.part = w.part AND e.name = w.name
         ORDER BY w.i, e.occurred_at, e.id`,
        values,
      )
    },
    async findDeeds(keys: readonly DeedKey[]) {
      const wanted = keys.flatMap(({ emails, ...key }) => emails.map((email) => ({ ...key, email })))
      if (wanted.length === 0) return []
      const types = { part: 'smallint', contactId: 'bigint', enrollmentId: 'bigint', email: 'text' } as const
      const { values, from } = columnsOf(wanted, types)
      const fits = (table: string) => `${table}.contact_id = w."contactId" AND ${table}.part = w.part
        AND ${table}.enrollment_id IS NOT NULL AND ${table}.enrollment_id = coalesce(w."enrollmentId", ${table}.enrollment_id)
        AND ${table}.email_key = w.email`
      return run.rows<StoredDeed>(
        `WITH w AS MATERIALIZED (SELECT * FROM ${from})
         SELECT m.contact_id AS "contactId", m.enrollment_id AS "enrollmentId", m.email_key AS email, 'sent' AS did,
           0 AS machine, m.finished_at AS at FROM w JOIN message m ON ${fits('m')} AND m.status = 'sent'
         UNION ALL
         SELECT d.contact_id, d.enrollment_id, d.email_key, d.kind, d.machine, d.at FROM w JOIN message_event d ON ${fits('d')}
           AND d.kind IN ('opened', 'clicked', 'replied', 'bounced')`,
        values,
      )
    },
    async insertEvent(row: EventWrite) {
      const { part, contactId, name, properties, occurredAt, recordedAt, idemKey } = row
      const [made] = await run.rows<{ id: EventId }>(
        `INSERT INTO event (part, contact_id, name, properties, occurred_at, recorded_at, idem_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
        [part, contactId, name, properties, occurredAt, recordedAt, idemKey],
      )
      return made?.id ?? null
    },
  }
}

function passages(run: Run) {
  return {
    claimDueEnrollments: (now: Instant, limit: number) =>
      run.rows<LiveEnrollment>(
        `SELECT ${ENROLLMENT} FROM enrollment e WHERE e.due_at <= $1 ORDER BY e.due_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [now, limit],
      ),
    async nextDueAt() {
      const [next] = await run.rows<{ at: Instant }>(
        'SELECT due_at AS at FROM enrollment WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1',
      )
      return next?.at ?? null
    },
    // Two workers that move the same person take turns: the second reads what the first wrote.
    findLiveEnrollments: (part: Part, contactId: ContactId) =>
      run.rows<LiveEnrollment>(
        `SELECT ${ENROLLMENT} FROM enrollment e WHERE e.contact_id = $1 AND e.part = $2 AND e.status IN ('active', 'paused')
         ORDER BY e.id FOR UPDATE`,
        [contactId, part],
      ),
    findEnrollments: (ids: readonly EnrollmentId[]) =>
      run.rows<StoredEnrollment>(`SELECT ${ENROLLMENT} FROM enrollment e WHERE e.id = ANY ($1::bigint[])`, [ids]),
    entryHistory: (part: Part, workflowId: WorkflowId, contactId: ContactId) =>
      run.rows<EntryRow>(
        `SELECT entry_no AS "entryNo", slot, status, entered_at AS "enteredAt" FROM enrollment
         WHERE contact_id = $1 AND workflow_id = $2 AND part = $3 ORDER BY entry_no`,
        [contactId, workflowId, part],
      ),
    // DO NOTHING covers both unique keys: the same entry number, and the slot of `concurrency`.
    async insertEnrollment(row: NewEnrollment) {
      const { part, contactId, workflowId, version, entryNo, slot, stepNo, enteredAt, entryEvent, bulk } = row
      const [made] = await run.rows<{ id: EnrollmentId }>(
        `INSERT INTO enrollment (part, contact_id, workflow_id, version, entry_no, slot, step_no, status, is_waiting, due_at,
           arrived_at, entered_at, seq, entry_event, bulk)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', 0, $8, $8, $8, 0, $9, $10) ON CONFLICT DO NOTHING RETURNING id`,
        [part, contactId, workflowId, version, entryNo, slot, stepNo, enteredAt, entryEvent, bulk],
      )
      return made?.id ?? null
    },
  }
}

function activations(run: Run) {
  return {
    async writeActivations({ enrollments, log, messages }: ActivationWrites) {
      const hit = enrollments.length === 0 ? 0 : await writeEnrollments(run, enrollments)
      if (log.length > 0) await writeLog(run, log)
      if (messages.length > 0) await writeMessages(run, messages)
      return hit
    },
    async addCounters(deltas: readonly CounterDelta[]) {
      const moved = deltas.filter(({ n }) => n !== 0)
      if (moved.length === 0) return
      const { values, from } = columnsOf(moved, {
        workflowId: 'bigint',
        version: 'integer',
        stepNo: 'integer',
        hour: 'bigint',
        metric: 'text',
        n: 'bigint',
      })
      // Each connection has counters of its own, written in the order of their key: workers neither wait nor lock each other out.
      await run.changes(
        `INSERT INTO step_stat (workflow_id, version, step_no, hour, metric, worker, n)
         SELECT w."workflowId", w.version, w."stepNo", w.hour, w.metric, pg_backend_pid() & 63, sum(w.n) FROM ${from}
         GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
         ON CONFLICT (workflow_id, version, step_no, hour, metric, worker) DO UPDATE SET n = step_stat.n + excluded.n`,
        values,
      )
    },
  }
}

function writeEnrollments(run: Run, rows: ActivationWrites['enrollments']): Promise<number> {
  const { values, from } = columnsOf(rows, {
    id: 'bigint',
    part: 'smallint',
    expectedSeq: 'integer',
    stepNo: 'integer',
    status: 'text',
    isWaiting: 'smallint',
    dueAt: 'bigint',
    arrivedAt: 'bigint',
    endedAt: 'bigint',
    endReason: 'text',
    error: 'text',
  })
  return run.changes(
    `UPDATE enrollment e SET step_no = w."stepNo", status = w.status, is_waiting = w."isWaiting", due_at = w."dueAt", remaining_ms = NULL,
       arrived_at = w."arrivedAt", ended_at = w."endedAt", end_reason = w."endReason", error = w.error, seq = e.seq + 1
     FROM ${from} WHERE e.id = w.id AND e.part = w.part AND e.seq = w."expectedSeq"
       AND (e.status = 'active' OR (e.status = 'paused' AND w.status <> 'active'))`,
    values,
  )
}

function writeLog(run: Run, rows: ActivationWrites['log']): Promise<number> {
  const { values, from } = columnsOf(rows, {
    part: 'smallint',
    contactId: 'bigint',
    enrollmentId: 'bigint',
    seq: 'integer',
    at: 'bigint',
    input: 'text',
    path: 'text',
    messages: 'integer',
  })
  return run.changes(
    `INSERT INTO enrollment_log (part, contact_id, enrollment_id, seq, at, input, path, messages)
     SELECT w.part, w."contactId", w."enrollmentId", w.seq, w.at, w.input, w.path, w.messages FROM ${from} ORDER BY w.i`,
    values,
  )
}

function writeMessages(run: Run, rows: readonly MessageWrite[]): Promise<number> {
  const { values, from } = columnsOf(rows, {
    part: 'smallint',
    contactId: 'bigint',
    enrollmentId: 'bigint',
    seq: 'integer',
    k: 'integer',
    workflowId: 'bigint',
    version: 'integer',
    stepNo: 'integer',
    emailKey: 'text',
    accountId: 'bigint',
    lane: 'smallint',
    arrivedHour: 'bigint',
    status: 'text',
    reason: 'text',
    notBefore: 'bigint',
    expiresAt: 'bigint',
    createdAt: 'bigint',
    finishedAt: 'bigint',
  })
  return run.changes(
    `INSERT INTO message (part, contact_id, enrollment_id, seq, k, workflow_id, version, step_no, email_key, account_id, lane,
       arrived_hour, status, reason, attempt, not_before, expires_at, created_at, finished_at)
     SELECT w.part, w."contactId", w."enrollmentId", w.seq, w.k, w."workflowId", w.version, w."stepNo", w."emailKey", w."accountId", w.lane,
       w."arrivedHour", w.status, w.reason, 0, w."notBefore", w."expiresAt", w."createdAt", w."finishedAt" FROM ${from} ORDER BY w.i`,
    values,
  )
}
