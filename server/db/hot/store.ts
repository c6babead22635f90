/**
 * The hot statements: prepared once, batch-shaped, two texts (SQLite now, PostgreSQL later), one conformance suite
 * (tests/conformance/). Call them only inside a transaction that the caller opened. Ids and instants are trusted: they come from rows.
 */
import type { MessageDeed } from '../../../shared/condition/schema.ts'
import type {
  AccountId,
  ContactId,
  EnrollmentId,
  EventId,
  MessageId,
  Part,
  StepNo,
  WorkflowId,
} from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import type { ImportStore } from './import-store.ts'

export type LiveEnrollment = {
  id: EnrollmentId
  part: Part
  contactId: ContactId
  workflowId: WorkflowId
  version: number
  stepNo: StepNo
  status: 'active' | 'paused'
  isWaiting: number
  dueAt: Instant | null
  arrivedAt: Instant
  enteredAt: Instant
  seq: number
  /** JSON EventFacts. */
  entryEvent: string | null
  bulk: number
}

export type StoredEnrollment = Omit<LiveEnrollment, 'status'> & { status: LiveEnrollment['status'] | EndedStatus }
export type StoredContact = {
  id: ContactId
  email: string | null
  externalId: string | null
  timezone: string | null
  locale: string | null
  createdAt: Instant
  /** JSON object, array, object. */
  attributes: string
  tags: string
  consent: string
  suppression: 'none' | 'global' | 'hard'
}
export type StoredEvent = {
  id: EventId
  contactId: ContactId
  name: string
  occurredAt: Instant
  properties: string
}
export type EventKey = { part: Part; contactId: ContactId; names: readonly string[] }
/** `enrollmentId` null: deeds on any message of the contact. */
export type DeedKey = {
  part: Part
  contactId: ContactId
  enrollmentId: EnrollmentId | null
  emails: readonly string[]
}
export type StoredDeed = {
  contactId: ContactId
  enrollmentId: EnrollmentId
  email: string
  did: MessageDeed
  machine: number
  at: Instant
}

export type EndedStatus = 'completed' | 'exited' | 'failed'
export type EnrollmentWrite = {
  part: Part
  id: EnrollmentId
  /** The seq that was read; the row must still have it. */
  expectedSeq: number
  stepNo: StepNo
  status: 'active' | 'paused' | EndedStatus
  isWaiting: number
  dueAt: Instant | null
  arrivedAt: Instant
  endedAt: Instant | null
  endReason: string | null
  error: string | null
}
export type LogWrite = {
  part: Part
  contactId: ContactId
  enrollmentId: EnrollmentId
  seq: number
  at: Instant
  input: 'timer' | 'change' | 'exit'
  path: string
  messages: number
}
export type MessageWrite = {
  part: Part
  contactId: ContactId
  enrollmentId: EnrollmentId
  seq: number
  k: number
  workflowId: WorkflowId
  version: number
  stepNo: StepNo
  emailKey: string
  accountId: AccountId
  lane: number
  arrivedHour: Instant
  status: 'queued' | 'skipped'
  reason: string | null
  notBefore: Instant
  expiresAt: Instant
  createdAt: Instant
  finishedAt: Instant | null
}
export type CounterDelta = {
  workflowId: WorkflowId
  version: number
  /** 0: the workflow as a whole. */
  stepNo: number
  hour: Instant
  metric: string
  n: number
}
export type ActivationWrites = {
  enrollments: readonly EnrollmentWrite[]
  log: readonly LogWrite[]
  messages: readonly MessageWrite[]
}

export type NewEnrollment = {
  part: Part
  contactId: ContactId
  workflowId: WorkflowId
  version: number
  entryNo: number
  slot: string | null
  stepNo: StepNo
  enteredAt: Instant
  entryEvent: string | null
  bulk: number
}
export type EntryRow = { entryNo: number; slot: string | null; status: string; enteredAt: Instant }
export type EventWrite = {
  part: Part
  contactId: ContactId
  name: string
  properties: string
  occurredAt: Instant
  recordedAt: Instant
  idemKey: string | null
}

export type OpenMessage = {
  id: MessageId
  part: Part
  contactId: ContactId
  enrollmentId: EnrollmentId | null
  seq: number
  k: number
  workflowId: WorkflowId
  version: number
  stepNo: StepNo | null
  emailKey: string
  accountId: AccountId
  lane: number
  arrivedHour: Instant
  status: string
  attempt: number
  lease: string | null
  notBefore: Instant
  expiresAt: Instant
  claimedAt: Instant | null
  dotAt: Instant | null
  /** How often it went back to the queue although it may have arrived. */
  doubts: number
  doubtedAt: Instant | null
  test: string | null
  /** Set once a dot mark was written: a second try says the same. */
  messageIdHeader: string | null
}
export type DotWrite = {
  id: MessageId
  lease: string
  at: Instant
  recipient: string
  /** Folded, as identities are. */
  recipientFolded: string
  messageIdHeader: string
}
export type FinishWrite = {
  id: MessageId
  status: 'queued' | 'deferred' | 'sent' | 'failed' | 'uncertain' | 'skipped'
  reason: string | null
  detail: string | null
  notBefore: Instant
  response: string | null
  finishedAt: Instant | null
  /** The mark stays only where the fate of the bytes matters. */
  dotAt: Instant | null
  /** 1 when it goes back although it may have been delivered. */
  doubt: number
  /** -1: this attempt does not count. */
  attemptDelta: 0 | -1
}

export type AttemptWrite = {
  messageId: MessageId
  stage: string
  code: number | null
  enhanced: string | null
  response: string
  at: Instant
  tookMs: number
}
export type LinkWrite = { messageId: MessageId; no: number; url: string }

export type Store = ImportStore & {
  /** Active enrollments due at `now`, oldest first. PostgreSQL: FOR UPDATE SKIP LOCKED. */
  claimDueEnrollments(now: Instant, limit: number): Promise<readonly LiveEnrollment[]>
  nextDueAt(): Promise<Instant | null>
  /** In no particular order; ids that do not exist are left out. */
  findContacts(ids: readonly ContactId[]): Promise<readonly StoredContact[]>
  findEvents(keys: readonly EventKey[]): Promise<readonly StoredEvent[]>
  findDeeds(keys: readonly DeedKey[]): Promise<readonly StoredDeed[]>
  /** Active and paused enrollments of one contact, oldest first. */
  findLiveEnrollments(part: Part, contactId: ContactId): Promise<readonly LiveEnrollment[]>
  /** Enrollments of any status, in no particular order; ids that do not exist are left out. */
  findEnrollments(ids: readonly EnrollmentId[]): Promise<readonly StoredEnrollment[]>
  /** State, log and outbox of one batch. Answers how many enrollments had the expected seq: the caller aborts unless all had. */
  writeActivations(writes: ActivationWrites): Promise<number>
  entryHistory(part: Part, workflowId: WorkflowId, contactId: ContactId): Promise<readonly EntryRow[]>
  /** Null when a unique key (entry number or slot) said no. */
  insertEnrollment(row: NewEnrollment): Promise<EnrollmentId | null>
  /** Null when this idempotency key was used before. */
  insertEvent(row: EventWrite): Promise<EventId | null>
  addCounters(deltas: readonly CounterDelta[]): Promise<void>

  /** Queued or deferred messages of an account that may leave now: tests first, then transactional, triggered, bulk. */
  findReadyMessages(accountId: AccountId, now: Instant, limit: number): Promise<readonly OpenMessage[]>
  nextReadyAt(accountId: AccountId): Promise<Instant | null>
  leaseMessages(ids: readonly MessageId[], lease: string, at: Instant): Promise<void>
  findMessages(ids: readonly MessageId[]): Promise<readonly OpenMessage[]>
  /** The dot barrier: true where the row is ours, unmarked, and its contact may still get mail of its class. */
  markDots(marks: readonly DotWrite[]): Promise<readonly boolean[]>
  /** Close leased messages; the caller has checked the lease. */
  finishMessages(writes: readonly FinishWrite[]): Promise<void>
  /** Each gets the next number of its message. */
  insertAttempts(writes: readonly AttemptWrite[]): Promise<void>
  /** The addresses Liquid made for this try; those of an earlier try under the same number are replaced. */
  putLinks(writes: readonly LinkWrite[]): Promise<void>
}
