/** Who is behind a number of the canvas: the same rows the counters were made of. */
import type { StepPeople } from '../../shared/api/workflows.ts'
import { toApiId, type WorkflowId } from '../../shared/ids.ts'
import type { Db } from '../db/open.ts'
import { nameOf } from '../db/queries/contacts.ts'
import { decodeCursor, encodeCursor, iso, isoOrNull } from '../db/queries/page.ts'
import { readPath, stepNoOf } from '../db/queries/versions.ts'
import { isLive, UNDER_WAY } from '../db/statuses.ts'
import { type Visit, visitsOf } from './visits.ts'
import { pageInWindows, WINDOW } from './windows.ts'
import { enrollmentFloor, readWorkflowPeople } from './workflow-people.ts'

export type PeopleFilter = {
  state: string
  path: string | null
  /** Of those who exited. */
  reason: string | null
  cursor: string | undefined
  limit: number
}
/** In place of a step: the whole workflow, each passage once. */
const WHOLE = '_all'
type Item = StepPeople['items'][number]

/** Opens and clicks: the kind of event, and whose it was. */
const DEEDS: Readonly<Record<string, { kind: string; machine: number }>> = {
  opened: { kind: 'opened', machine: 0 },
  clicked: { kind: 'clicked', machine: 0 },
  openedMachine: { kind: 'opened', machine: 1 },
  clickedMachine: { kind: 'clicked', machine: 1 },
}
const MESSAGE_STATES = new Set(['sent', ...Object.keys(DEEDS), 'skipped', 'failed', 'uncertain', 'queued'])
const BATCH = 500
/** A page that finds nobody among so many ends with a cursor to go on from, so that no request takes long. */
const MOST_LOOKED_AT = 10_000

export async function readStepPeople(
  db: Db,
  id: WorkflowId,
  stepId: string,
  filter: PeopleFilter,
): Promise<StepPeople> {
  const isMessage = filter.path === null && MESSAGE_STATES.has(filter.state)
  if (stepId === WHOLE) return isMessage ? byMessage(db, id, null, filter) : readWorkflowPeople(db, id, filter)
  const stepNo = await stepNoOf(db, id, stepId)
  if (stepNo === null) return { items: [], nextCursor: null }
  if (isMessage) return byMessage(db, id, stepNo, filter)
  return byVisit(db, id, stepNo, filter)
}

async function byVisit(
  db: Db,
  id: WorkflowId,
  stepNo: number,
  { state, path, reason, cursor, limit }: PeopleFilter,
): Promise<StepPeople> {
  const wanted = (visit: Visit) =>
    visit.stepNo === stepNo &&
    (path === null ? state === 'entered' || visit.state === state : visit.paths.includes(path))
  const items: Item[] = []
  let after = Number(decodeCursor(cursor, ['number'])?.[0] ?? Number.MAX_SAFE_INTEGER)
  const standingAt = state === 'waiting' && path === null ? stepNo : null
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += BATCH) {
    const floor = standingAt === null ? null : await enrollmentFloor(db, id, after)
    const rows = await enrollmentsBelow(db, id, { below: after, floor: floor ?? 0, standingAt })
    const logs = await logsOf(db, rows)
    for (const row of rows) {
      after = row.id
      const visits = visitsOf(logs.get(row.id) ?? [], { stepNo: row.step_no, arrivedAt: row.arrived_at })
      const found = visits.filter(wanted).map((visit) => itemOf(row, visit))
      items.push(...found.filter(({ detail }) => reason === null || detail === reason))
      if (items.length >= limit) return { items, nextCursor: encodeCursor([after]) }
    }
    if (rows.length === BATCH) continue
    if (floor === null) return { items, nextCursor: null }
    after = floor
  }
  return { items, nextCursor: encodeCursor([after]) }
}

type Row = Awaited<ReturnType<typeof enrollmentsBelow>>[number]

type Below = { below: number; floor: number; standingAt: number | null }

/** `standingAt`: only those who stand there now, which the table itself knows. */
function enrollmentsBelow(db: Db, id: WorkflowId, { below, floor, standingAt }: Below) {
  return db.sql
    .selectFrom('enrollment as e')
    .leftJoin('contact as c', (join) => join.onRef('c.part', '=', 'e.part').onRef('c.id', '=', 'e.contact_id'))
    .select([
      'e.id',
      'e.part',
      'e.contact_id',
      'e.step_no',
      'e.arrived_at',
      'e.due_at',
      'e.status',
      'e.end_reason',
      'c.email',
      'c.attributes',
    ])
    .where('e.workflow_id', '=', id)
    .where('e.id', '<', below)
    .where('e.id', '>=', floor)
    .$if(standingAt !== null, (q) => q.where('e.step_no', '=', Number(standingAt)).where(isLive('e.status')))
    .orderBy('e.id', 'desc')
    .limit(BATCH)
    .execute()
}

async function logsOf(db: Db, rows: readonly Row[]) {
  const logs = new Map<number, { path: ReturnType<typeof readPath> }[]>()
  if (rows.length === 0) return logs
  // The key begins with (part, contact, enrollment): named in full, so that each is one seek.
  const found = await db.sql
    .selectFrom('enrollment_log')
    .select(['enrollment_id', 'path'])
    .where((eb) =>
      eb(
        eb.refTuple('part', 'contact_id', 'enrollment_id'),
        'in',
        rows.map((row) => eb.tuple(row.part, row.contact_id, row.id)),
      ),
    )
    .orderBy('enrollment_id')
    .orderBy('seq')
    .execute()
  for (const { enrollment_id, path } of found) {
    const known = logs.get(enrollment_id) ?? []
    logs.set(enrollment_id, known)
    known.push({ path: readPath(path) })
  }
  return logs
}

function itemOf(row: Row, visit: Visit): Item {
  return {
    contactId: toApiId(row.contact_id),
    email: row.email,
    name: row.attributes === null ? null : nameOf(row.attributes),
    enrollmentId: toApiId(row.id),
    at: iso(visit.leftAt ?? visit.arrivedAt),
    until: visit.state === 'waiting' ? isoOrNull(visit.until ?? row.due_at) : null,
    detail: visit.state === 'exited' ? exitReason(row, visit) : visit.why === '' ? null : visit.why,
  }
}

/** As the counters call it. */
const exitReason = (row: Row, visit: Visit): string =>
  row.status === 'failed' ? 'failed' : (row.end_reason ?? visit.why)

/** One row per message: opened and clicked count messages, people and machines apart. `stepNo` null: of the whole workflow. */
async function byMessage(db: Db, id: WorkflowId, stepNo: number | null, filter: PeopleFilter): Promise<StepPeople> {
  const page = await pageInWindows(filter, {
    floorBelow: (below) => messageFloor(db, id, stepNo, below),
    rows: (floor, below, limit) => messagesBetween(db, { id, stepNo, state: filter.state, floor, below, limit }),
  })
  const items = page.rows.map((row) => ({
    contactId: toApiId(row.contact_id),
    email: row.email,
    name: row.attributes === null ? null : nameOf(row.attributes),
    enrollmentId: toApiId(row.enrollment_id ?? 0),
    at: iso(row.finished_at ?? row.created_at),
    until: row.status === 'queued' || row.status === 'deferred' ? iso(row.not_before) : null,
    detail: row.reason,
  }))
  return { items, nextCursor: page.nextCursor }
}

async function messageFloor(db: Db, id: WorkflowId, stepNo: number | null, below: number): Promise<number | null> {
  const row = await db.sql
    .selectFrom((eb) =>
      eb
        .selectFrom('message')
        .select('id')
        .where('workflow_id', '=', id)
        .$if(stepNo !== null, (q) => q.where('step_no', '=', stepNo))
        .where('id', '<', below)
        .orderBy('id', 'desc')
        .limit(WINDOW)
        .as('window'),
    )
    .select((eb) => [eb.fn.min('window.id').as('floor'), eb.fn.countAll<number>().as('n')])
    .executeTakeFirstOrThrow()
  return Number(row.n) < WINDOW ? null : Number(row.floor)
}

type Ask = { id: WorkflowId; stepNo: number | null; state: string; floor: number; below: number; limit: number }

function messagesBetween(db: Db, { id, stepNo, state, floor, below, limit }: Ask) {
  const deed = DEEDS[state] ?? null
  const statuses = state === 'queued' ? UNDER_WAY : [state]
  return db.sql
    .selectFrom('message as m')
    .leftJoin('contact as c', (join) => join.onRef('c.part', '=', 'm.part').onRef('c.id', '=', 'm.contact_id'))
    .select([
      'm.id',
      'm.contact_id',
      'm.enrollment_id',
      'm.created_at',
      'm.finished_at',
      'm.not_before',
      'm.status',
      'm.reason',
      'c.email',
      'c.attributes',
    ])
    .where('m.workflow_id', '=', id)
    .$if(stepNo !== null, (q) => q.where('m.step_no', '=', stepNo))
    .where('m.enrollment_id', 'is not', null)
    .$if(deed === null, (q) => q.where('m.status', 'in', statuses))
    .$if(deed !== null, (q) =>
      q.where((eb) =>
        eb.exists(
          eb
            .selectFrom('message_event as d')
            .select('d.id')
            .whereRef('d.message_id', '=', 'm.id')
            .where('d.kind', '=', deed?.kind ?? '')
            .where('d.machine', '=', deed?.machine ?? 0)
            .where('d.held_until', 'is', null),
        ),
      ),
    )
    .where('m.id', '>=', floor)
    .where('m.id', '<', below)
    .orderBy('m.id', 'desc')
    .limit(limit)
    .execute()
}
