/**
 * One chunk of an import, in one transaction: who is known is looked up together, rows are applied in memory (import-desk.ts), and what
 * came of it is written together. A row that cannot be taken becomes a rejected row with its reason. Written whole or not at all.
 */
import { typeOfValue } from '../../shared/contact/values.ts'
import { changeBetween } from '../../shared/engine/change.ts'
import { conflict } from '../../shared/errors.ts'
import { type ContactId, type ImportId, partOf } from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { Moment } from '../engine/context.ts'
import { enrollByContact } from '../engine/enroll.ts'
import { react } from '../engine/react.ts'
import type { CommandInput, CommandOutput, ImportCounts, ImportOptions, ImportRowError } from './contract.ts'
import {
  apply,
  contactWrite,
  type Desk,
  factsOf,
  identityWrites,
  openDesk,
  overfull,
  type Person,
  stranger,
} from './import-desk.ts'
import { type ImportRow, unpackRows } from './import-row.ts'
import { findImport } from './imports.ts'
import { dropObjections } from './objections.ts'

const ATTRIBUTE = 'attributes.'
/** As the reader keeps of rows that it refuses itself. */
const MOST_OF_RECORD = 20_000

/** Answers the counts so far, and whether the reader should stop because the import was cancelled. */
export async function importChunk(
  moment: Moment,
  input: CommandInput<'import-chunk'>,
): Promise<CommandOutput<'import-chunk'>> {
  const startedAt = performance.now()
  const row = await findImport(moment, input.importId)
  const counts: ImportCounts = {
    rows: row.rows,
    created: row.created_count,
    updated: row.updated_count,
    duplicates: row.duplicates,
    rejected: row.rejected,
  }
  if (row.status === 'cancelled') return { cancelled: true, counts, tookMs: 0 }
  if (row.status !== 'running' && row.status !== 'waiting') throw conflict(`The import is ${row.status}.`)
  if (row.rows !== input.after)
    throw conflict(
      `The import has ${row.rows} rows and these come after ${input.after}: those between were not written.`,
    )
  const rows = unpackRows(input.rows)
  const refused = await writeRows(moment, input.importId, rows, JSON.parse(row.options) as ImportOptions, counts)
  const errors = [...input.errors, ...refused]
  await moment.tx.store.insertImportErrors(input.importId, errors)
  counts.rejected += new Set(errors.map((error) => error.row)).size
  counts.rows += rows.length + new Set(input.errors.map((error) => error.row)).size
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
  return { cancelled: false, counts, tookMs: performance.now() - startedAt }
}

type Work = {
  moment: Moment
  importId: ImportId
  options: ImportOptions
  counts: ImportCounts
  refused: ImportRowError[]
}

/** Counts in `counts` what was taken; answers the rows that were not. */
async function writeRows(
  moment: Moment,
  importId: ImportId,
  rows: readonly ImportRow[],
  options: ImportOptions,
  counts: ImportCounts,
): Promise<ImportRowError[]> {
  const work: Work = { moment, importId, options, counts, refused: [] }
  for (let done = 0; done < rows.length; ) done += await writeSome(work, rows.slice(done))
  return work.refused
}

/** As many of the rows as may be written together, at least one. Answers how many. */
async function writeSome(work: Work, rows: readonly ImportRow[]): Promise<number> {
  const { moment, options } = work
  const desk = await openDesk(moment.tx, rows)
  const taken: Taken[] = []
  let seen = 0
  for (const row of rows) {
    const found = desk.find(row)
    if (found === 'two-people') work.refused.push(twoPeople(row))
    else {
      const person = found ?? stranger(moment.now)
      const full = overfull(person, row)
      if (full !== null) {
        work.refused.push(refusal(row, 'too-much', full))
        seen += 1
        continue
      }
      if (person.rows > 0 && (options.trigger || (await isInWorkflow(moment, person)))) break
      const had = { email: person.emailFolded, external: person.externalId }
      const objection = row.emailFolded === null ? null : desk.takeObjection(row.emailFolded)
      apply(person, row, options, objection, moment.now)
      desk.note(person, row, had)
      taken.push({ person, row })
    }
    seen += 1
  }
  await writePeople(work, desk, taken)
  return seen
}

type Taken = { person: Person; row: ImportRow }

/** Whoever is in a workflow sees every row of theirs by itself, as if it had been saved alone. */
const isInWorkflow = async ({ tx }: Moment, { id }: Person): Promise<boolean> =>
  id !== null && (await tx.store.findLiveEnrollments(partOf(id), id)).length > 0

const twoPeople = (row: ImportRow): ImportRowError =>
  refusal(
    row,
    'conflict',
    `The email ${JSON.stringify(row.email)} and the externalId ${JSON.stringify(row.externalId)} name two people.`,
  )

const refusal = (row: ImportRow, code: string, message: string): ImportRowError => ({
  row: row.row,
  column: '',
  code,
  message,
  record: JSON.stringify(row).slice(0, MOST_OF_RECORD),
})

/** Contacts, identities, ledger, counts; then the workflows of those who changed. */
async function writePeople({ moment, importId, options, counts }: Work, desk: Desk, taken: readonly Taken[]) {
  const { tx, now } = moment
  const people = [...new Set(taken.map(({ person }) => person))]
  const fresh = people.filter(({ stored }) => stored === null)
  const ids = await tx.store.newContactIds(fresh.length)
  for (const [i, person] of fresh.entries()) person.id = ids[i] ?? null
  const written = people.flatMap((person) => (person.id === null ? [] : [{ person, id: person.id }]))
  const writesOf = (isNew: boolean) =>
    written.flatMap(({ person, id }) => ((person.stored === null) === isNew ? contactWrite(person, id, now) : []))
  await tx.store.insertContacts(writesOf(true))
  await tx.store.updateContacts(writesOf(false))
  await tx.store.putIdentities(written.flatMap(({ person, id }) => identityWrites(person, id)))
  await tx.store.insertConsents(
    written.flatMap(({ person, id }) => person.ledger.map((entry) => ({ part: partOf(id), contactId: id, ...entry }))),
  )
  await dropObjections(tx, desk.spent)
  await learnAttributes(moment, taken, options)
  const areNew = await tx.store.noteImported(
    importId,
    taken.flatMap(({ person }) => person.id ?? []),
  )
  for (const [i, { person }] of taken.entries()) {
    if (areNew[i] !== true) counts.duplicates += 1
    else if (person.stored === null) counts.created += 1
    else counts.updated += 1
  }
  for (const { person, id } of written) await tellWorkflows(moment, person, id, options.trigger)
}

/** Those who were known may be waiting for what changed; new people and new tags may start workflows, if the import says so. */
async function tellWorkflows(moment: Moment, person: Person, id: ContactId, trigger: boolean): Promise<void> {
  const before = person.stored
  if (before !== null && (await isInWorkflow(moment, person))) {
    const after = factsOf(person, id)
    const topics = Object.keys(after.consent).filter((topic) => after.consent[topic] !== before.consent[topic])
    await react(moment, id, changeBetween(before, after, topics))
  }
  if (!trigger) return
  const known = new Set(before?.tags ?? [])
  const tagsAdded = person.tags.filter((tag) => !known.has(tag))
  await enrollByContact(moment, id, { isCreated: before === null, tagsAdded }, true)
}

/** A key keeps the type it was first seen with. */
async function learnAttributes({ tx, now }: Moment, taken: readonly Taken[], options: ImportOptions): Promise<void> {
  const targets = (options.columns ?? []).flatMap(({ target }) => target ?? [])
  const keys = targets.flatMap((target) => (target.startsWith(ATTRIBUTE) ? target.slice(ATTRIBUTE.length) : []))
  if (keys.length === 0) return
  const known = await tx.sql.selectFrom('attribute_definition').select('key').where('key', 'in', keys).execute()
  const unknown = new Set(keys)
  for (const { key } of known) unknown.delete(key)
  for (const { row } of taken) {
    if (unknown.size === 0) return
    // Cheaper than reading the JSON of every row for a column that is always empty.
    if (![...unknown].some((key) => row.attributes.includes(JSON.stringify(key)))) continue
    for (const [key, value] of Object.entries(JSON.parse(row.attributes) as JsonObject)) {
      const type = typeOfValue(value)
      if (type === null || !unknown.delete(key)) continue
      await tx.sql
        .insertInto('attribute_definition')
        .values({ key, type, created_at: now })
        .onConflict((on) => on.doNothing())
        .execute()
    }
  }
}
