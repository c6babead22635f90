/** The part of the Store that writes contacts by the thousand (store.ts says what holds for all of it). */
import type { ContactId, ImportId, Part } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'

export type ContactIdentity = { kind: 'email' | 'external'; value: string; contactId: ContactId }
/** All of one row of `contact`; `at` is when it was written. */
export type ContactWrite = {
  id: ContactId
  part: Part
  email: string | null
  externalId: string | null
  nameFolded: string
  emailFolded: string
  timezone: string | null
  locale: string | null
  attributes: string
  tags: string
  consent: string
  suppression: 'none' | 'global' | 'hard'
  at: Instant
  /** Of an update: whether more than attributes, tags, time zone and language changed. */
  isIndexed: boolean
}
export type IdentityWrite = ContactIdentity & {
  part: Part
  /** The contact had no identity of this kind; else it is replaced. */
  isNew: boolean
}
export type ConsentWrite = {
  part: Part
  contactId: ContactId
  topic: string
  status: 'granted' | 'withdrawn' | 'unknown'
  source: string
  text: string | null
  address: string | null
  at: Instant
}
export type ImportErrorWrite = { row: number; column: string; code: string; message: string; record: string }

export type ImportStore = {
  /** Who goes by these; values that nobody has are left out. */
  findIdentities(kind: ContactIdentity['kind'], values: readonly string[]): Promise<readonly ContactIdentity[]>
  /** Ids that nobody had, for contacts inserted in the same transaction. */
  newContactIds(count: number): Promise<readonly ContactId[]>
  /** Without their identities. */
  insertContacts(rows: readonly ContactWrite[]): Promise<void>
  updateContacts(rows: readonly ContactWrite[]): Promise<void>
  putIdentities(rows: readonly IdentityWrite[]): Promise<void>
  insertConsents(rows: readonly ConsentWrite[]): Promise<void>
  /** Per contact: whether this import met them for the first time. */
  noteImported(importId: ImportId, ids: readonly ContactId[]): Promise<readonly boolean[]>
  /** Forget up to `limit` of whom a finished import met. Answers how many there were. */
  forgetImported(importId: ImportId, limit: number): Promise<number>
  /** One per row and column; the first stays. */
  insertImportErrors(importId: ImportId, errors: readonly ImportErrorWrite[]): Promise<void>
}
