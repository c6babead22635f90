/** From single records to the lines people read: one line per mail, with what became of it. Pure. */
import type { JournalItem } from '../../../shared/api/contacts.ts'

/** A record that gets a line, and what else is told on it, oldest first. */
export type JournalLine = { item: JournalItem; deeds: readonly JournalItem[] }

/** What a mail's line is about, the most telling first. */
const FATES = ['message.sent', 'message.uncertain', 'message.failed', 'message.skipped', 'message.queued']
/** What is told on the line of its mail; anything else about a mail, such as unsubscribing, stands for itself. */
const DEEDS = new Set([
  'message.queued',
  'message.opened',
  'message.clicked',
  'message.bounced',
  'message.complained',
  'message.replied',
])

/** @param items newest first, as the journal answers; the lines are too */
export function journalLines(items: readonly JournalItem[]): JournalLine[] {
  const leads = leadsOf(items)
  const saidByMail = new Set([...leads.values()].map((lead) => placeOf(lead)))
  const ended = new Set(items.filter(({ kind }) => kind === 'enrollment.completed').map(momentOf))
  const lines: { item: JournalItem; deeds: JournalItem[] }[] = []
  const lineOf = new Map<string, JournalItem[]>()
  for (const item of items) {
    const lead = item.messageId === undefined ? undefined : leads.get(item.messageId)
    if (lead !== undefined && lead !== item && DEEDS.has(item.kind)) continue
    if (repeatsMail(item, saidByMail) || repeatsEnd(item, ended)) continue
    const deeds: JournalItem[] = []
    if (lead === item && item.messageId !== undefined) lineOf.set(item.messageId, deeds)
    lines.push({ item, deeds })
  }
  for (const item of [...items].reverse()) {
    const deeds = item.messageId === undefined ? undefined : lineOf.get(item.messageId)
    const isLead = item.messageId !== undefined && leads.get(item.messageId) === item
    // That it was ready is only news while it has not gone.
    if (deeds !== undefined && !isLead && DEEDS.has(item.kind) && item.kind !== 'message.queued') deeds.push(item)
  }
  return lines
}

/** The record that speaks for each mail. */
function leadsOf(items: readonly JournalItem[]): Map<string, JournalItem> {
  const leads = new Map<string, JournalItem>()
  for (const item of items) {
    if (item.messageId === undefined || !FATES.includes(item.kind)) continue
    const before = leads.get(item.messageId)
    if (before === undefined || FATES.indexOf(item.kind) < FATES.indexOf(before.kind)) leads.set(item.messageId, item)
  }
  return leads
}

const placeOf = ({ enrollmentId, stepId }: JournalItem): string => `${enrollmentId ?? ''} ${stepId ?? ''}`
const momentOf = ({ enrollmentId, at }: JournalItem): string => `${enrollmentId ?? ''} ${at}`

/** "Passed the email step" beside the email itself. */
const repeatsMail = (item: JournalItem, saidByMail: ReadonlySet<string>): boolean =>
  item.kind === 'step' && item.stepKind === 'send-email' && item.why === 'queued' && saidByMail.has(placeOf(item))

/** "Finished at the last step" beside "finished the workflow". */
const repeatsEnd = (item: JournalItem, ended: ReadonlySet<string>): boolean =>
  item.kind === 'step' && item.outcome === 'completed' && ended.has(momentOf(item))

/** What the engine asks before it sends, in its order. */
const CHECKS = ['address', 'open', 'consent', 'values'] as const
export type MailCheck = { name: (typeof CHECKS)[number]; result: 'passed' | 'failed' | 'not-reached' }
const FAILED_AT: Readonly<Record<string, (typeof CHECKS)[number]>> = {
  'no-address': 'address',
  suppressed: 'open',
  'no-consent': 'consent',
  'missing-variable': 'values',
}

/** Why a mail was skipped, as the checks it passed, failed and did not come to; none for reasons of another kind. */
export function mailChecks({ kind, reason = '' }: JournalItem): MailCheck[] {
  const failedAt = kind === 'message.skipped' ? FAILED_AT[reason] : undefined
  if (failedAt === undefined) return []
  const at = CHECKS.indexOf(failedAt)
  return CHECKS.map((name, n) => ({ name, result: n < at ? 'passed' : n === at ? 'failed' : 'not-reached' }))
}
