/** Imports as their screen shows them. */
import { z } from 'zod'
import type { ImportState } from '../../../shared/api/contacts.ts'
import { fromColumn, type ImportId, toApiId } from '../../../shared/ids.ts'
import type { Db } from '../open.ts'
import type { ImportTable } from '../schema.ts'
import { decodeCursor, iso, isoOrNull, pageOf } from './page.ts'

type Row = Omit<ImportTable, 'id'> & { id: number }
const ERRORS_SHOWN = 100
const warningList = z.array(z.string())

async function errorsOf(db: Db, id: number) {
  return db.sql
    .selectFrom('import_error')
    .select(['row', 'column_name as column', 'code', 'message'])
    .where('import_id', '=', id)
    .orderBy('row')
    .limit(ERRORS_SHOWN)
    .execute()
}

const statusOf = (status: string): ImportState['status'] =>
  status === 'completed' || status === 'failed' || status === 'cancelled' ? status : 'running'

function stateOf(row: Row, errors: ImportState['errors']): ImportState {
  const share = row.size_bytes === 0 ? 1 : Math.min(1, row.read_bytes / row.size_bytes)
  return {
    id: toApiId(row.id),
    fileName: row.file_name,
    status: statusOf(row.status),
    rows: row.rows,
    created: row.created_count,
    updated: row.updated_count,
    duplicates: row.duplicates,
    rejected: row.rejected,
    errors,
    warnings: warningList.parse(JSON.parse(row.warnings)),
    ...(row.problem === null ? {} : { problem: row.problem }),
    progress: row.status === 'completed' ? 1 : share,
    createdAt: iso(row.created_at),
    finishedAt: isoOrNull(row.finished_at),
  }
}

export async function findImport(db: Db, id: ImportId): Promise<ImportState | null> {
  const row = await db.sql.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : stateOf(row, await errorsOf(db, id))
}

export async function listImports(db: Db, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const after = decodeCursor(cursor, ['number'])
  const rows = await db.sql
    .selectFrom('import')
    .selectAll()
    .$if(after !== null, (q) => q.where('id', '<', Number(after?.[0])))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const page = pageOf<Row>(rows, limit, (row) => [row.id])
  return { items: page.rows.map((row) => stateOf(row, [])), nextCursor: page.nextCursor }
}

/** A batch of the file of refused rows, after (row, column). */
export function rejectedRows(db: Db, id: ImportId, after: { row: number; column: string }, limit: number) {
  return db.sql
    .selectFrom('import_error')
    .select(['row', 'column_name as column', 'code', 'message', 'record'])
    .where('import_id', '=', id)
    .where((eb) =>
      eb.or([eb('row', '>', after.row), eb.and([eb('row', '=', after.row), eb('column_name', '>', after.column)])]),
    )
    .orderBy('row')
    .orderBy('column_name')
    .limit(limit)
    .execute()
}

/** What a resumed import needs of its options; they were written by ingest/imports.ts. */
const keptOptions = z.object({
  encoding: z.string(),
  delimiter: z.string(),
  header: z.boolean(),
  columns: z
    .array(
      z.object({
        name: z.string(),
        target: z.string().nullable(),
        type: z.enum(['text', 'number', 'boolean', 'date']),
        isExported: z.boolean().optional(),
      }),
    )
    .optional(),
})

/** Imports that a former process left unfinished, oldest first; `rows` counts the records whose chunk was committed. */
export async function unfinishedImports(db: Db) {
  const rows = await db.sql
    .selectFrom('import')
    .select(['id', 'path', 'options', 'rows'])
    .where('status', 'in', ['waiting', 'running'])
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    ...row,
    id: fromColumn<ImportId>(row.id),
    options: keptOptions.parse(JSON.parse(row.options)),
  }))
}

/** Imports that ended while whom they met was still being forgotten. */
export async function endedImportsWithPeople(db: Db): Promise<ImportId[]> {
  const rows = await db.sql
    .selectFrom('import')
    .select('id')
    .where('status', 'in', ['completed', 'failed', 'cancelled'])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('import_person').select('contact_id').whereRef('import_person.import_id', '=', 'import.id').limit(1),
      ),
    )
    .execute()
  return rows.map(({ id }) => fromColumn<ImportId>(id))
}

export type Acquaintance = { id: number; email: string | null; external: string | null; isBlocked: boolean }
type Identified = { emailFolded: string | null; externalId: string | null }

/** Of these, those who are contacts, by `email:<folded>` and `external:<id>`; blocked: no consent of an import reaches them. */
export async function findAcquaintances(
  db: Db,
  people: readonly Identified[],
): Promise<ReadonlyMap<string, Acquaintance>> {
  const found = new Map<string, Acquaintance>()
  const wanted = {
    email: people.flatMap(({ emailFolded }) => emailFolded ?? []),
    external: people.flatMap(({ externalId }) => externalId ?? []),
  }
  for (const kind of ['email', 'external'] as const) {
    if (wanted[kind].length === 0) continue
    const rows = await db.sql
      .selectFrom('contact_identity as i')
      .innerJoin('contact as c', (join) => join.onRef('c.part', '=', 'i.part').onRef('c.id', '=', 'i.contact_id'))
      .select(['i.value', 'c.id', 'c.email_folded', 'c.external_id', 'c.suppression', 'c.consent'])
      .where('i.kind', '=', kind)
      .where('i.value', 'in', wanted[kind])
      .execute()
    for (const { value, id, email_folded, external_id, suppression, consent } of rows) {
      const states = z.record(z.string(), z.string()).parse(JSON.parse(consent))
      const isBlocked = suppression !== 'none' || states.marketing === 'withdrawn'
      const email = email_folded === '' ? null : email_folded
      found.set(`${kind}:${value}`, { id, email, external: external_id, isBlocked })
    }
  }
  return found
}
