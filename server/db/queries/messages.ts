/** The message log and the embedded inbox. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { InboxMail, Message } from '../../../shared/api/messages.ts'
import { MESSAGE_STATUSES } from '../../../shared/api/messages.ts'
import { type ContactId, fromColumn, partOf, toApiId, type WorkflowId } from '../../../shared/ids.ts'
import { bytesContain, textContainsFolded } from '../dialect.ts'
import type { Db } from '../open.ts'
import { isReady, READY } from '../statuses.ts'
import { nameOf } from './contacts.ts'
import { decodeCursor, iso, isoOrNull, pageOf } from './page.ts'
import { stepNoOf, versionNames } from './versions.ts'

export type MessageFilter = {
  status: readonly string[]
  workflowId: WorkflowId | null
  stepId: string | null
  contactId: number | null
  id?: number
  limit: number
  cursor?: string | undefined
}

function messageRows(db: Db) {
  return db.sql
    .selectFrom('message as m')
    .leftJoin('contact as c', (join) => join.onRef('c.part', '=', 'm.part').onRef('c.id', '=', 'm.contact_id'))
    .leftJoin('version_email as v', (join) =>
      join
        .onRef('v.workflow_id', '=', 'm.workflow_id')
        .onRef('v.version', '=', 'm.version')
        .onRef('v.email_key', '=', 'm.email_key')
        .on('v.locale', '=', ''),
    )
    .leftJoin('workflow as w', 'w.id', 'm.workflow_id')
    .select([
      'm.id',
      'm.status',
      'm.reason',
      'm.contact_id',
      'm.workflow_id',
      'm.version',
      'm.step_no',
      'm.email_key',
      'm.attempt',
      'm.doubts',
      'm.response',
      'm.message_id',
      'm.created_at',
      'm.not_before',
      'm.dot_at',
      'm.finished_at',
      'm.recipient',
      'm.test',
      'c.email',
      'c.attributes',
      'v.subject',
      'w.name as workflowName',
    ])
}

const testShape = z.looseObject({
  to: z.string().optional(),
  email: z.looseObject({ subject: z.string().optional() }).optional(),
})

/**
 * The words of the index that has these statuses, by ascending id. A database takes an index of some rows only where the statement says
 * the same of them in the same words; a value that is bound later says nothing.
 */
function indexOf(statuses: readonly string[]): RawBuilder<SqlBool> | null {
  const areAll = (...known: readonly string[]) => statuses.length > 0 && statuses.every((one) => known.includes(one))
  if (areAll(...READY)) return isReady('m.status')
  if (areAll('uncertain', 'failed', 'skipped')) return sql<SqlBool>`m.status IN ('uncertain', 'failed', 'skipped')`
  return areAll('sending') ? sql<SqlBool>`m.status = 'sending'` : null
}

export async function listMessages(db: Db, filter: MessageFilter) {
  const after = decodeCursor(filter.cursor, ['number'])
  const stepNo =
    filter.workflowId === null || filter.stepId === null ? null : await stepNoOf(db, filter.workflowId, filter.stepId)
  if (filter.stepId !== null && stepNo === null) return { items: [], nextCursor: null }
  const indexed = indexOf(filter.status)
  const rows = await messageRows(db)
    .$if(filter.status.length > 0, (q) => q.where('m.status', 'in', [...filter.status]))
    .$if(indexed !== null, (q) => (indexed === null ? q : q.where(indexed)))
    .$if(filter.workflowId !== null, (q) => q.where('m.workflow_id', '=', Number(filter.workflowId)))
    .$if(stepNo !== null, (q) => q.where('m.step_no', '=', stepNo))
    .$if(filter.contactId !== null, (q) => {
      const contactId = fromColumn<ContactId>(Number(filter.contactId))
      return q.where('m.part', '=', partOf(contactId)).where('m.contact_id', '=', contactId)
    })
    .$if(filter.id !== undefined, (q) => q.where('m.id', '=', Number(filter.id)))
    .$if(after !== null, (q) => q.where('m.id', '<', Number(after?.[0])))
    .orderBy('m.id', 'desc')
    .limit(filter.limit + 1)
    .execute()
  const page = pageOf(rows, filter.limit, (row) => [row.id])
  const names = versionNames(db)
  const items = await Promise.all(
    page.rows.map(async (row): Promise<Message> => {
      const test = row.test === null ? null : testShape.parse(JSON.parse(row.test))
      const version = row.version > 0 ? await names(row.workflow_id, row.version) : null
      return {
        id: toApiId(row.id),
        status: z.enum(MESSAGE_STATUSES).parse(row.status),
        reason: row.reason,
        contact:
          row.attributes === null
            ? null
            : { id: toApiId(row.contact_id), email: row.email, name: nameOf(row.attributes) },
        recipient: row.recipient ?? test?.to ?? null,
        workflow:
          row.workflowName === null
            ? null
            : { id: toApiId(row.workflow_id), name: row.workflowName, version: row.version },
        stepId: row.step_no === null ? null : (version?.steps.get(row.step_no)?.id ?? null),
        emailKey: row.email_key,
        subject: row.subject ?? test?.email?.subject ?? '',
        isTest: test !== null,
        attempt: row.attempt,
        mayBeTwice: row.doubts > 0,
        response: row.response,
        messageIdHeader: row.message_id,
        createdAt: iso(row.created_at),
        notBefore: iso(row.not_before),
        dotAt: isoOrNull(row.dot_at),
        finishedAt: isoOrNull(row.finished_at),
      }
    }),
  )
  return { items, nextCursor: page.nextCursor }
}

/** What tracking needs to know of a message. */
export async function findTracked(db: Db, id: number) {
  const row = await db.sql
    .selectFrom('message as m')
    .select([
      'm.id',
      'm.contact_id',
      'm.workflow_id',
      'm.version',
      'm.email_key',
      'm.status',
      'm.finished_at',
      'm.dot_at',
      'm.enrollment_id',
      'm.test',
    ])
    .where('m.id', '=', id)
    .executeTakeFirst()
  return row ?? null
}
export type Tracked = NonNullable<Awaited<ReturnType<typeof findTracked>>>

const linkList = z.array(z.string().nullable())

/** The stored URL of a link: of the message when it contained Liquid, else of the version's email. null: there is none. */
export async function findLinkUrl(
  db: Db,
  message: Tracked,
  linkNo: number,
  locale: string | null,
): Promise<string | null> {
  const own = await db.sql
    .selectFrom('message_link')
    .select('url')
    .where('message_id', '=', message.id)
    .where('no', '=', linkNo)
    .executeTakeFirst()
  if (own !== undefined) return own.url
  if (message.test !== null) {
    const test = z.looseObject({ email: z.looseObject({ links: linkList }) }).parse(JSON.parse(message.test))
    return test.email.links[linkNo] ?? null
  }
  const base = locale?.split('-')[0] ?? ''
  const rows = await db.sql
    .selectFrom('version_email')
    .select(['locale', 'links'])
    .where('workflow_id', '=', message.workflow_id)
    .where('version', '=', message.version)
    .where('email_key', '=', message.email_key)
    .execute()
  const row = [locale, base, '']
    .map((wanted) => rows.find((candidate) => candidate.locale === wanted))
    .find((found) => found !== undefined)
  return row === undefined ? null : (linkList.parse(JSON.parse(row.links))[linkNo] ?? null)
}

const recipients = z.array(z.string())

export type InboxRow = {
  id: number
  received_at: number
  header_from: string
  mail_from: string
  rcpt_to: string
  subject: string
  size_bytes: number
  isTest: SqlBool
}

const inboxMailOf = (row: InboxRow): InboxMail => ({
  id: toApiId(row.id),
  receivedAt: iso(row.received_at),
  from: row.header_from === '' ? row.mail_from : row.header_from,
  to: recipients.parse(JSON.parse(row.rcpt_to)),
  subject: row.subject,
  sizeBytes: row.size_bytes,
  isTest: Boolean(row.isTest),
})

/** A test send carries a header of its own; it stands in the first bytes of the mail. */
export const TEST_HEADER = 'X-Perennial-Test:'

function inboxRows(db: Db) {
  return db.sql
    .selectFrom('inbox_mail')
    .select([
      'id',
      'received_at',
      'header_from',
      'mail_from',
      'rcpt_to',
      'subject',
      'size_bytes',
      bytesContain(db.dialect, sql.ref('raw'), 8_192, TEST_HEADER).as('isTest'),
    ])
}

export async function listInbox(
  db: Db,
  { q, limit, cursor }: { q?: string | undefined; limit: number; cursor?: string | undefined },
) {
  const after = decodeCursor(cursor, ['number'])
  const has = (column: string) => textContainsFolded(db.dialect, sql.ref(column), q ?? '')
  const isSearch = q !== undefined && q !== ''
  const rows = await inboxRows(db)
    .$if(isSearch, (query) => query.where((eb) => eb.or([has('subject'), has('rcpt_to'), has('header_from')])))
    .$if(after !== null, (query) => query.where('id', '<', Number(after?.[0])))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const page = pageOf(rows, limit, (row) => [row.id])
  // At most the 10,000 that are kept.
  const { total } = await db.sql
    .selectFrom('inbox_mail')
    .select((eb) => eb.fn.count<number>('id').as('total'))
    .$if(isSearch, (query) => query.where((eb) => eb.or([has('subject'), has('rcpt_to'), has('header_from')])))
    .executeTakeFirstOrThrow()
  return { items: page.rows.map(inboxMailOf), nextCursor: page.nextCursor, total: Number(total) }
}

export async function findInboxMail(db: Db, id: number) {
  const row = await inboxRows(db).select('raw').where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : { mail: inboxMailOf(row), raw: row.raw }
}
