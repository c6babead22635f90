/** Reading fields of a draft, which may hold anything: each function has an answer for every value. */
import type { DrawnStep, EmailContent, WorkflowDocument } from './document.ts'

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Nothing was filled in yet: what a fresh step or an emptied field holds. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
}

/** A value for a sentence: short, and never throws. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (isRecord(value)) {
    const keys = Object.keys(value)
    return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).join(', ')}`
  }
  if (value === undefined || value === null) return 'nothing'
  return typeof value === 'function' ? 'a function' : String(value)
}

/** The email under a key; null when there is none (`constructor` is not an email). */
export function emailOf(doc: WorkflowDocument, key: unknown): EmailContent | null {
  if (typeof key !== 'string' || !Object.hasOwn(doc.emails, key)) return null
  return doc.emails[key] ?? null
}

/** The key of the email a step sends, if it is a message step that has one. */
export function emailKeyOf(step: DrawnStep): string | null {
  return step.kind === 'send-email' ? textOf(step.email) : null
}

/** What people call a step; empty when it has no name of its own (the interface then says its kind). */
export function titleOf(step: { title?: unknown }): string {
  return textOf(step.title) ?? ''
}

/** A step's name inside an English message. */
export function nameOf(step: { id: string; title?: unknown }): string {
  return JSON.stringify(titleOf(step) || step.id)
}
