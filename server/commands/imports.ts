/** Imports: the reader sends chunks, each one transaction; a row that cannot be taken becomes a rejected row with its reason. */

import { sql } from 'kysely'
import { conflict, notFound, RequestError } from '../../shared/errors.ts'
import { fromColumn, type ImportId } from '../../shared/ids.ts'
import type { Moment } from '../engine/context.ts'
import { react } from '../engine/react.ts'
import { writeContact } from './contact-write.ts'
import type {
  CommandInput,
  CommandOutput,
  ContactPatch,
  ImportCounts,
  ImportOptions,
  ImportRow,
  ImportRowError,
} from './contract.ts'

export async function createImport(
  { tx, now }: Moment,
  input: CommandInput<'create-import'>,
): Promise<CommandOutput<'create-import'>> {
  const row = await tx.sql
    .insertInto('import')
    .values({
      status: 'running',
      file_name: input.fileName,
      path: input.path,
      size_bytes: input.sizeBytes,
      options: JSON.stringify(input.options),
      rows: 0,
      created_count: 0,
      updated_count: 0,
      duplicates: 0,
      rejected: 0,
      warnings: '[]',
      problem: null,
      read_bytes: 0,
      created_at: now,
      finished_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id: fromColumn<ImportId>(row.id) }
}

/** Answers the counts so far, and whether the reader should stop because the import was cancelled. */
export async function importChunk(
  moment: Moment,
  input: CommandInput<'import-chunk'>,
): Promise<CommandOutput<'import-chunk'>> {
  const row = await findImport(moment, input.importId)
  const counts: ImportCounts = {
    rows: row.rows,
    created: row.created_count,
    updated: row.updated_count,
    duplicates: row.duplicates,
    rejected: row.rejected,
  }
  if (row.status === 'cancelled') return { cancelled: true, counts }
  if (row.status !== 'running' && row.status !== 'waiting') throw conflict(`The import is ${row.status}.`)
  const options = JSON.parse(row.options) as ImportOptions
  const refused: ImportRowError[] = [...input.errors]
  for (const record of input.rows) {
    const error = await importRow(moment, input.importId, options, record, counts)
    if (error !== null) refused.push(error)
  }
  await writeErrors(moment, input.importId, refused)
  const rejected = new Set(refused.map((error) => error.row)).size
  counts.rejected += rejected
  counts.rows += input.rows.length + new Set(input.errors.map((error) => error.row)).size
  await moment.tx.sql
    .updateTable('import')
    .set({
      status: 'running',
      rows: counts.rows,
      created_count: counts.created,
      updated_count: counts.updated,
      duplicates: counts.duplicates,
      rejected: counts.rejected,
      read_bytes: input.readBytes,
    })
    .where('id', '=', input.importId)
    .execute()
  return { cancelled: false, counts }
}

async function importRow(
  moment: Moment,
  importId: ImportId,
  options: ImportOptions,
  record: ImportRow,
  counts: ImportCounts,
): Promise<ImportRowError | null> {
  await sql`SAVEPOINT import_row`.execute(moment.tx.sql)
  try {
    const { id, created, change } = await writeContact(moment, withConsent(record.patch, options), {
      keepWithdrawn: true,
    })
    if (!created) await react(moment, id, change)
    const isNew = await moment.tx.sql
      .insertInto('import_person')
      .values({ import_id: importId, contact_id: id })
      .onConflict((on) => on.doNothing())
      .executeTakeFirst()
    if (created) counts.created += 1
    else if ((isNew.numInsertedOrUpdatedRows ?? 0n) === 0n) counts.duplicates += 1
    else counts.updated += 1
    await sql`RELEASE SAVEPOINT import_row`.execute(moment.tx.sql)
    return null
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    await sql`ROLLBACK TO SAVEPOINT import_row`.execute(moment.tx.sql)
    await sql`RELEASE SAVEPOINT import_row`.execute(moment.tx.sql)
    return {
      row: record.row,
      column: error.name === 'bad-email' ? 'email' : '',
      code: error.name,
      message: error.message,
      record: JSON.stringify(record.patch),
    }
  }
}

/** The consent asked for the whole file, where the row says nothing of its own. `unknown` writes nothing. */
function withConsent(patch: ContactPatch, options: ImportOptions): ContactPatch {
  if (options.consent !== 'granted' || patch.consent?.marketing !== undefined) return patch
  const marketing = {
    status: 'granted',
    source: options.consentSource,
    text: options.consentText,
    at: null,
    address: typeof patch.email === 'string' ? patch.email : null,
  } as const
  return { ...patch, consent: { ...patch.consent, marketing } }
}

async function writeErrors({ tx }: Moment, importId: ImportId, errors: readonly ImportRowError[]): Promise<void> {
  for (const error of errors) {
    await tx.sql
      .insertInto('import_error')
      .values({
        import_id: importId,
        row: error.row,
        column_name: error.column,
        code: error.code,
        message: error.message,
        record: error.record,
      })
      .onConflict((on) => on.doNothing())
      .execute()
  }
}

async function findImport({ tx }: Moment, id: ImportId) {
  const row = await tx.sql.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('import', id)
  return row
}

/** A cancelled import stays cancelled. */
export async function finishImport(moment: Moment, input: CommandInput<'finish-import'>): Promise<null> {
  const row = await findImport(moment, input.id)
  await forgetPeople(moment, input.id)
  if (row.status === 'cancelled') return null
  await moment.tx.sql
    .updateTable('import')
    .set({
      status: input.status,
      warnings: JSON.stringify(input.warnings),
      problem: input.problem,
      finished_at: moment.now,
      ...(input.status === 'completed' ? { read_bytes: row.size_bytes } : {}),
    })
    .where('id', '=', input.id)
    .execute()
  return null
}

/** What was written stays. Safe to repeat, and after the end. */
export async function cancelImport(moment: Moment, input: CommandInput<'cancel-import'>): Promise<null> {
  await findImport(moment, input.id)
  await moment.tx.sql
    .updateTable('import')
    .set({ status: 'cancelled', finished_at: moment.now })
    .where('id', '=', input.id)
    .where('status', 'in', ['waiting', 'running'])
    .execute()
  await forgetPeople(moment, input.id)
  return null
}

async function forgetPeople({ tx }: Moment, id: ImportId): Promise<void> {
  await tx.sql.deleteFrom('import_person').where('import_id', '=', id).execute()
}
