/** Everything that happened to one contact, merged from where it is kept, newest first. */
import type { z } from 'zod'
import type { JournalItem, journalPage } from '../../../shared/api/contacts.ts'
import { type ContactId, partOf, toApiId } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import type { Db } from '../open.ts'
import { findPauses } from './journal-pauses.ts'
import { decodeCursor, encodeCursor, iso } from './page.ts'
import { type LoggedStep, readPath, type VersionNames, versionNames } from './versions.ts'

/** `rank` and `id` order what happened in the same millisecond; the later cause stands above. */
type Entry = { at: Instant; rank: number; id: number; sub: number; item: JournalItem }
type Ask = { db: Db; contact: ContactId; until: Instant; take: number; names: ReturnType<typeof versionNames> }

const FAR = Number.MAX_SAFE_INTEGER

/** The cursor is the last instant shown and how many of that instant were shown. */
export async function readJournal(
  db: Db,
  contact: ContactId,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<z.infer<typeof journalPage>> {
  const after = decodeCursor(cursor, ['number', 'number'])
  const until = after === null ? FAR : Number(after[0])
  const shownBefore = after === null ? 0 : Number(after[1])
  const ask: Ask = { db, contact, until, take: limit + shownBefore + 1, names: versionNames(db) }
  const found = (
    await Promise.all([
      created(ask),
      consents(ask),
      events(ask),
      starts(ask),
      ends(ask),
      steps(ask),
      pauses(ask),
      messages(ask),
      deeds(ask),
    ])
  ).flat()
  found.sort((a, b) => b.at - a.at || b.rank - a.rank || b.id - a.id || b.sub - a.sub)
  const rest = found.slice(shownBefore)
  const shown = rest.slice(0, limit)
  const last = shown.at(-1)
  if (last === undefined || rest.length <= limit) return { items: shown.map(({ item }) => item), nextCursor: null }
  const ofLast = shown.filter(({ at }) => at === last.at).length + (last.at === until ? shownBefore : 0)
  return { items: shown.map(({ item }) => item), nextCursor: encodeCursor([last.at, ofLast]) }
}

const entry = (at: Instant, rank: number, id: number, item: Omit<JournalItem, 'at'>, sub = 0): Entry => ({
  at,
  rank,
  id,
  sub,
  item: { at: iso(at), ...item },
})

async function created({ db, contact, until }: Ask): Promise<Entry[]> {
  const row = await db.sql
    .selectFrom('contact')
    .select('created_at')
    .where('part', '=', partOf(contact))
    .where('id', '=', contact)
    .where('created_at', '<=', until)
    .executeTakeFirst()
  return row === undefined ? [] : [entry(row.created_at, 0, contact, { kind: 'contact.created' })]
}

async function consents({ db, contact, until, take }: Ask): Promise<Entry[]> {
  const rows = await db.sql
    .selectFrom('consent_record')
    .select(['id', 'topic', 'status', 'source', 'text', 'at'])
    .where('part', '=', partOf(contact))
    .where('contact_id', '=', contact)
    .where('at', '<=', until)
    .orderBy('at', 'desc')
    .limit(take)
    .execute()
  return rows.map(({ id, at, ...row }) =>
    entry(at, 1, id, { kind: 'consent.changed', consent: { ...row, at: iso(at) } }),
  )
}

async function events({ db, contact, until, take }: Ask): Promise<Entry[]> {
  const rows = await db.sql
    .selectFrom('event')
    .select(['id', 'name', 'properties', 'occurred_at'])
    .where('part', '=', partOf(contact))
    .where('contact_id', '=', contact)
    .where('occurred_at', '<=', until)
    .orderBy('occurred_at', 'desc')
    .limit(take)
    .execute()
  return rows.map((row) =>
    entry(row.occurred_at, 2, row.id, { kind: 'event', name: row.name, properties: JSON.parse(row.properties) }),
  )
}

const workflowOf = (row: { workflow_id: number; version: number }, names: VersionNames) => ({
  id: toApiId(row.workflow_id),
  name: names.name,
  version: row.version,
})

function enrollmentsOf({ db, contact }: Ask) {
  return db.sql
    .selectFrom('enrollment')
    .select(['id', 'workflow_id', 'version', 'entered_at', 'ended_at', 'end_reason', 'status'])
    .where('part', '=', partOf(contact))
    .where('contact_id', '=', contact)
}

async function starts(ask: Ask): Promise<Entry[]> {
  const rows = await enrollmentsOf(ask)
    .where('entered_at', '<=', ask.until)
    .orderBy('entered_at', 'desc')
    .limit(ask.take)
    .execute()
  return Promise.all(
    rows.map(async (row) =>
      entry(row.entered_at, 3, row.id, {
        kind: 'enrollment.started',
        enrollmentId: toApiId(row.id),
        workflow: workflowOf(row, await ask.names(row.workflow_id, row.version)),
      }),
    ),
  )
}

async function ends(ask: Ask): Promise<Entry[]> {
  const rows = await enrollmentsOf(ask)
    .where('ended_at', 'is not', null)
    .where('ended_at', '<=', ask.until)
    .orderBy('ended_at', 'desc')
    .limit(ask.take)
    .execute()
  return Promise.all(
    rows.map(async (row) =>
      entry(row.ended_at ?? row.entered_at, 7, row.id, {
        kind: `enrollment.${row.status}`,
        enrollmentId: toApiId(row.id),
        workflow: workflowOf(row, await ask.names(row.workflow_id, row.version)),
        ...(row.end_reason === null ? {} : { reason: row.end_reason }),
      }),
    ),
  )
}

async function pauses({ db, names, ...ask }: Ask): Promise<Entry[]> {
  return Promise.all(
    (await findPauses(db.sql, ask)).map(async (row) =>
      entry(row.at, 6, row.pauseId, {
        kind: row.kind,
        enrollmentId: toApiId(row.enrollmentId),
        workflow: workflowOf(row, await names(row.workflow_id, row.version)),
        ...(row.reason === null ? {} : { reason: row.reason }),
      }),
    ),
  )
}

async function steps({ db, contact, until, take, names }: Ask): Promise<Entry[]> {
  const rows = await db.sql
    .selectFrom('enrollment_log as l')
    .innerJoin('enrollment as e', (join) => join.onRef('e.part', '=', 'l.part').onRef('e.id', '=', 'l.enrollment_id'))
    .select(['l.at', 'l.seq', 'l.path', 'l.enrollment_id', 'e.workflow_id', 'e.version'])
    .where('l.part', '=', partOf(contact))
    .where('l.contact_id', '=', contact)
    .where('l.at', '<=', until)
    .orderBy('l.at', 'desc')
    .limit(take)
    .execute()
  const entries = await Promise.all(
    rows.map(async (row) => {
      const version = await names(row.workflow_id, row.version)
      const common = { enrollmentId: toApiId(row.enrollment_id), workflow: workflowOf(row, version) }
      return readPath(row.path).map((step, i) =>
        entry(row.at, 4, row.enrollment_id, { ...stepItem(step, version), ...common }, row.seq * 1_000 + i),
      )
    }),
  )
  return entries.flat()
}

export function stepItem(step: LoggedStep, version: VersionNames) {
  const name = version.steps.get(step.step)
  return {
    kind: 'step',
    stepId: name?.id ?? '',
    stepKind: name?.kind ?? '',
    title: name?.title ?? '',
    outcome: step.outcome,
    why: step.why,
    ...(step.path === undefined ? {} : { path: step.path }),
    ...(step.until === undefined ? {} : { until: iso(step.until) }),
    ...(step.seen === undefined ? {} : { seen: step.seen }),
  }
}

const FINISHED = new Set(['sent', 'failed', 'skipped', 'uncertain'])

/** A message is in the journal twice: when it was queued, and what became of it. */
async function messages({ db, contact, until, take, names }: Ask): Promise<Entry[]> {
  const rows = await db.sql
    .selectFrom('message as m')
    .leftJoin('version_email as v', (join) =>
      join
        .onRef('v.workflow_id', '=', 'm.workflow_id')
        .onRef('v.version', '=', 'm.version')
        .onRef('v.email_key', '=', 'm.email_key')
        .on('v.locale', '=', ''),
    )
    .select([
      'm.id',
      'm.workflow_id',
      'm.version',
      'm.step_no',
      'm.status',
      'm.reason',
      'm.created_at',
      'm.finished_at',
      'm.enrollment_id',
      'v.subject',
    ])
    .where('m.part', '=', partOf(contact))
    .where('m.contact_id', '=', contact)
    .where('m.enrollment_id', 'is not', null)
    .where('m.created_at', '<=', until)
    .orderBy('m.id', 'desc')
    .limit(take)
    .execute()
  const entries = await Promise.all(
    rows.map(async (row) => {
      const version = await names(row.workflow_id, row.version)
      const step = version.steps.get(row.step_no ?? -1)
      const common = {
        messageId: toApiId(row.id),
        subject: row.subject ?? '',
        workflow: workflowOf(row, version),
        stepId: step?.id ?? '',
        title: step?.title ?? '',
        ...(row.enrollment_id === null ? {} : { enrollmentId: toApiId(row.enrollment_id) }),
      }
      const queued = entry(row.created_at, 5, row.id, { kind: 'message.queued', ...common })
      if (row.finished_at === null || !FINISHED.has(row.status) || row.finished_at > until) return [queued]
      const reason = row.reason === null ? {} : { reason: row.reason }
      const finished = entry(row.finished_at, 6, row.id, { kind: `message.${row.status}`, ...common, ...reason })
      // Skipped at once, it never stood in a queue.
      return row.status === 'skipped' && row.finished_at === row.created_at ? [finished] : [queued, finished]
    }),
  )
  return entries.flat()
}

async function deeds({ db, contact, until, take }: Ask): Promise<Entry[]> {
  const rows = await db.sql
    .selectFrom('message_event as d')
    .leftJoin('message as m', 'm.id', 'd.message_id')
    .leftJoin('version_email as v', (join) =>
      join
        .onRef('v.workflow_id', '=', 'm.workflow_id')
        .onRef('v.version', '=', 'm.version')
        .onRef('v.email_key', '=', 'm.email_key')
        .on('v.locale', '=', ''),
    )
    .select(['d.id', 'd.message_id', 'd.kind', 'd.machine', 'd.reason', 'd.held_until', 'd.url', 'd.at', 'v.subject'])
    .where('d.part', '=', partOf(contact))
    .where('d.contact_id', '=', contact)
    .where('d.at', '<=', until)
    .orderBy('d.at', 'desc')
    .limit(take)
    .execute()
  return rows.map((row) =>
    entry(row.at, 8, row.id, {
      kind: `message.${row.kind}`,
      messageId: toApiId(row.message_id),
      subject: row.subject ?? '',
      machine: row.machine === 1,
      ...hitReason(row),
      ...(row.url === null ? {} : { url: row.url }),
    }),
  )
}

/** Of a machine, why it was taken for one; of a person's click, only that it is not settled yet. */
const hitReason = (row: { machine: number; reason: string | null; held_until: number | null }): { reason?: string } => {
  if (row.held_until !== null) return { reason: 'machine-held' }
  return row.machine === 1 && row.reason !== null ? { reason: `machine-${row.reason}` } : {}
}
