/** What the conformance cases stand on: one open transaction, its store, and builders for rows. */
import type {
  EnrollmentWrite,
  FinishWrite,
  LiveEnrollment,
  MessageWrite,
  NewEnrollment,
  OpenMessage,
  Store,
} from '../../server/db/hot/store.ts'
import type { Db } from '../../server/db/open.ts'
import {
  type AccountId,
  type ContactId,
  fromColumn,
  type MessageId,
  partOf,
  type StepNo,
  type WorkflowId,
} from '../../shared/ids.ts'

export const T = 1_800_000_000_000
export const workflowId = fromColumn<WorkflowId>(7)
export const accountId = fromColumn<AccountId>(3)
/** An id that nobody has. */
export const NOBODY = 4_711

export type Given = {
  sql: Db['sql']
  store: Store
}
/** Runs the work in a transaction: the contract of the store. */
export type Inside = (work: (given: Given) => Promise<void>) => Promise<void>

export async function contact(
  { sql }: Given,
  { email = 'a@example.com', suppression = 'none' }: { email?: string; suppression?: string } = {},
): Promise<ContactId> {
  const blank = {
    external_id: null,
    name_folded: '',
    timezone: null,
    locale: null,
    attributes: '{}',
    tags: '[]',
    consent: '{}',
  }
  const values = { ...blank, part: 0, email, email_folded: email, suppression, created_at: T, updated_at: T }
  const row = await sql.insertInto('contact').values(values).returning('id').executeTakeFirstOrThrow()
  const id = fromColumn<ContactId>(row.id)
  const part = partOf(id)
  await sql.updateTable('contact').set({ part }).where('id', '=', id).execute()
  await sql
    .insertInto('contact_identity')
    .values({ kind: 'email', value: email, part, contact_id: id })
    .onConflict((on) => on.doNothing())
    .execute()
  return id
}

export const entry = (contactId: ContactId, overrides: Partial<NewEnrollment> = {}): NewEnrollment => ({
  part: partOf(contactId),
  contactId,
  workflowId,
  version: 1,
  entryNo: 1,
  slot: '',
  stepNo: fromColumn<StepNo>(1),
  enteredAt: T,
  entryEvent: null,
  bulk: 0,
  ...overrides,
})

export const write = (row: LiveEnrollment, overrides: Partial<EnrollmentWrite> = {}): EnrollmentWrite => ({
  part: row.part,
  id: row.id,
  expectedSeq: row.seq,
  stepNo: row.stepNo,
  status: 'active',
  isWaiting: 1,
  dueAt: T + 100,
  arrivedAt: T,
  endedAt: null,
  endReason: null,
  error: null,
  ...overrides,
})

export const mail = (row: LiveEnrollment, overrides: Partial<MessageWrite> = {}): MessageWrite => ({
  part: row.part,
  contactId: row.contactId,
  enrollmentId: row.id,
  seq: 1,
  k: 0,
  workflowId,
  version: 1,
  stepNo: row.stepNo,
  emailKey: 'hello',
  accountId,
  lane: 1,
  arrivedHour: T,
  status: 'queued',
  reason: null,
  notBefore: T,
  expiresAt: T + 1e9,
  createdAt: T,
  finishedAt: null,
  ...overrides,
})

export const end = (message: OpenMessage, overrides: Partial<FinishWrite> = {}): FinishWrite => ({
  id: message.id,
  status: 'sent',
  reason: null,
  detail: null,
  notBefore: T,
  response: '250 ok',
  finishedAt: T + 2,
  dotAt: T + 1,
  doubt: 0,
  attemptDelta: 0,
  ...overrides,
})

export const mark = (id: MessageId, lease = 'mine', recipient = 'a@example.com') => ({
  id,
  lease,
  at: T + 1,
  recipient,
  recipientFolded: recipient,
  messageIdHeader: 'h',
})

/** Somebody who has just entered. */
export async function living(given: Given, email = 'a@example.com'): Promise<LiveEnrollment> {
  const id = await contact(given, { email })
  await given.store.insertEnrollment(entry(id))
  const [row] = await given.store.findLiveEnrollments(partOf(id), id)
  if (row === undefined) throw new Error('expected a live enrollment')
  return row
}

/** Mails of one person, leased, in the order they were written. */
export async function leased(
  given: Given,
  row: LiveEnrollment,
  mails: readonly Partial<MessageWrite>[],
): Promise<OpenMessage[]> {
  const { store } = given
  await store.writeActivations({ enrollments: [], log: [], messages: mails.map((one, k) => mail(row, { k, ...one })) })
  const ids = (await store.findReadyMessages(accountId, T, 99)).map((one) => one.id)
  await store.leaseMessages(ids, 'mine', T)
  return [...(await store.findMessages(ids))].sort((a, b) => a.k - b.k)
}
