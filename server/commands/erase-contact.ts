/**
 * Remove everything personal about one contact. Numbers stay as they were: counters and bare history rows remain, and a keyed hash of the
 * address, which keeps what the person objected to (objections.ts).
 */

import { sql } from 'kysely'
import type { PathEntry } from '../../shared/engine/types.ts'
import { partOf } from '../../shared/ids.ts'
import { textContains } from '../db/dialect.ts'
import type { Moment } from '../engine/context.ts'
import { exitAll } from '../engine/react.ts'
import { withdrawMessages } from '../engine/withdraw.ts'
import { readContact } from './contact-write.ts'
import type { CommandInput } from './contract.ts'
import { keepObjection } from './objections.ts'

export async function eraseContact(moment: Moment, { id }: CommandInput<'erase-contact'>): Promise<null> {
  const { tx } = moment
  const contact = await readContact(moment, id)
  const part = partOf(id)
  await exitAll(moment, await tx.store.findLiveEnrollments(part, id), 'erased')
  await withdrawMessages(moment, { kind: 'contact', part, contactId: id, marketingOnly: false }, 'erased')
  await tx.sql
    .updateTable('enrollment')
    .set({ entry_event: null, slot: null, error: null })
    .where('part', '=', part)
    .where('contact_id', '=', id)
    .where('status', '<>', 'failed')
    .execute()
  await tx.sql
    .updateTable('enrollment')
    .set({ entry_event: null, slot: null, error: 'erased' })
    .where('part', '=', part)
    .where('contact_id', '=', id)
    .where('status', '=', 'failed')
    .execute()
  await forgetSeen(moment, id)
  await forgetMessages(moment, id)
  for (const table of ['event', 'consent_record'] as const) {
    await tx.sql.deleteFrom(table).where('part', '=', part).where('contact_id', '=', id).execute()
  }
  if (contact.email !== null) await forgetAddress(moment, contact.email)
  await keepObjection(tx, contact, moment.now)
  await tx.sql.deleteFrom('contact_identity').where('contact_id', '=', id).execute()
  await tx.sql.deleteFrom('contact').where('id', '=', id).execute()
  return null
}

/** The path stays, the values that were seen on it go. */
async function forgetSeen({ tx }: Moment, id: CommandInput<'erase-contact'>['id']): Promise<void> {
  const part = partOf(id)
  const rows = await tx.sql
    .selectFrom('enrollment_log')
    .select(['enrollment_id', 'seq', 'path'])
    .where('part', '=', part)
    .where('contact_id', '=', id)
    .execute()
  for (const row of rows) {
    const path = (JSON.parse(row.path) as PathEntry[]).map(({ seen: _, ...entry }) => entry)
    await tx.sql
      .updateTable('enrollment_log')
      .set({ path: JSON.stringify(path) })
      .where('part', '=', part)
      .where('contact_id', '=', id)
      .where('enrollment_id', '=', row.enrollment_id)
      .where('seq', '=', row.seq)
      .execute()
  }
}

async function forgetMessages({ tx }: Moment, id: CommandInput<'erase-contact'>['id']): Promise<void> {
  const part = partOf(id)
  const messages = tx.sql.selectFrom('message').select('id').where('part', '=', part).where('contact_id', '=', id)
  await tx.sql.deleteFrom('message_link').where('message_id', 'in', messages).execute()
  await tx.sql.updateTable('attempt').set({ response: '' }).where('message_id', 'in', messages).execute()
  await tx.sql
    .updateTable('message')
    .set({ recipient: null, response: null, detail: null })
    .where('part', '=', part)
    .where('contact_id', '=', id)
    .execute()
  await tx.sql
    .updateTable('message')
    .set({ test: '{}' })
    .where('part', '=', part)
    .where('contact_id', '=', id)
    .where('test', 'is not', null)
    .execute()
  await tx.sql
    .updateTable('message_event')
    .set({ url: null, user_agent: null, source: null })
    .where('part', '=', part)
    .where('contact_id', '=', id)
    .execute()
}

/** Where an address is kept outside the tables of its contact: refused rows of imports, remembered answers, mails in the inbox, tests. */
async function forgetAddress({ tx }: Moment, email: string): Promise<void> {
  const holds = (column: string) => textContains(tx.dialect, sql`lower(${sql.ref(column)})`, email.toLowerCase())
  await tx.sql.deleteFrom('import_error').where(holds('record')).execute()
  await tx.sql.deleteFrom('idempotency').where(holds('response')).execute()
  await tx.sql.deleteFrom('inbox_mail').where(holds('rcpt_to')).execute()
  await tx.sql
    .updateTable('message')
    .set({ test: '{}', recipient: null, response: null })
    .where('enrollment_id', 'is', null)
    .where(holds('test'))
    .execute()
}
