/** Branded ids. Inside they are safe integers (64-bit columns); in the API they are decimal strings. Step ids are strings. */
import { z } from 'zod'

/** A value that only its own parser can make; a ContactId never passes for a WorkflowId. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name }

export type ContactId = Brand<number, 'ContactId'>
export type WorkflowId = Brand<number, 'WorkflowId'>
export type EnrollmentId = Brand<number, 'EnrollmentId'>
export type MessageId = Brand<number, 'MessageId'>
export type EventId = Brand<number, 'EventId'>
export type ImportId = Brand<number, 'ImportId'>
export type JobId = Brand<number, 'JobId'>
export type AccountId = Brand<number, 'AccountId'>
export type UserId = Brand<number, 'UserId'>
export type ApiKeyId = Brand<number, 'ApiKeyId'>
export type SendingDomainId = Brand<number, 'SendingDomainId'>
export type StepId = Brand<string, 'StepId'>
/** Dense step number: private to the engine, stable per workflow, never reused. */
export type StepNo = Brand<number, 'StepNo'>
/** Hash partition of a contact, 0 to 1023; part of every key that belongs to one person. */
export type Part = Brand<number, 'Part'>

const decimal = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'expected a decimal id such as "42"')
  .refine((s) => Number.isSafeInteger(Number(s)), 'expected an id below 2^53')

const numericId = <T extends Brand<number, string>>() => decimal.transform((s) => Number(s) as T)

export const contactId = numericId<ContactId>()
export const workflowId = numericId<WorkflowId>()
export const enrollmentId = numericId<EnrollmentId>()
export const messageId = numericId<MessageId>()
export const eventId = numericId<EventId>()
export const importId = numericId<ImportId>()
export const jobId = numericId<JobId>()
export const accountId = numericId<AccountId>()
export const userId = numericId<UserId>()
export const apiKeyId = numericId<ApiKeyId>()
export const sendingDomainId = numericId<SendingDomainId>()
export const stepId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'expected letters, digits, _ or -')
  .transform((s) => s as StepId)

/** Say that a number read from one of our own columns is an id of this kind. */
export const fromColumn = <T extends Brand<number, string>>(value: number): T => value as T
export const asStepId = (value: string): StepId => value as StepId

/** How ids look in the API. */
export const toApiId = (id: number): string => String(id)

export const PARTS = 1024

/** The partition of a contact: a murmur3 finaliser of its id, so that neighbours spread over all 1,024 parts. */
export function partOf(contact: ContactId): Part {
  return (mix32(contact >>> 0, Math.floor(contact / 2 ** 32)) & (PARTS - 1)) as Part
}

/** Mix two 32-bit numbers into one; the murmur3 finaliser (public domain, A. Appleby). The same answer on every machine. */
export function mix32(a: number, b: number): number {
  let h = (a ^ Math.imul(b, 0x9e3779b1)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
