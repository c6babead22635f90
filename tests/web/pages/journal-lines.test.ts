import { describe, expect, test } from 'vitest'
import type { JournalItem } from '../../../shared/api/contacts.ts'
import { journalLines, mailChecks } from '../../../web/pages/contact/journal-lines.ts'

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 9, 0, second)).toISOString()
const mail = (second: number, deed: string, more: Partial<JournalItem> = {}): JournalItem => ({
  at: at(second),
  kind: `message.${deed}`,
  messageId: '7',
  subject: 'Hello',
  ...more,
})
const inside = { enrollmentId: '1', stepId: 'hello' }
const told = (items: JournalItem[]) =>
  journalLines(items).map(({ item, deeds }) => [item.kind, ...deeds.map(({ kind }) => kind)])

describe('the lines of a journal', () => {
  test('one line tells a mail and what became of it, in the order it happened', () => {
    const items = [mail(9, 'clicked'), mail(8, 'opened'), mail(2, 'sent', inside), mail(1, 'queued', inside)]
    expect(told(items)).toEqual([['message.sent', 'message.opened', 'message.clicked']])
  })

  test('a mail still waiting is told as ready', () => {
    expect(told([mail(1, 'queued', inside)])).toEqual([['message.queued']])
  })

  test('the email step is not told beside its email', () => {
    const step = { at: at(1), kind: 'step', stepKind: 'send-email', outcome: 'passed', why: 'queued', ...inside }
    expect(told([mail(2, 'sent', inside), step])).toEqual([['message.sent']])
    expect(told([step])).toEqual([['step']])
  })

  test('unsubscribing stands for itself', () => {
    expect(told([mail(9, 'unsubscribed'), mail(2, 'sent', inside)])).toEqual([
      ['message.unsubscribed'],
      ['message.sent'],
    ])
  })

  test('a click whose mail is on an older page is told alone', () => {
    expect(told([mail(9, 'clicked')])).toEqual([['message.clicked']])
  })

  test('the end of a workflow is told once', () => {
    const end = { at: at(5), enrollmentId: '1' }
    const items: JournalItem[] = [
      { ...end, kind: 'enrollment.completed' },
      { ...end, kind: 'step', stepId: 'last', outcome: 'completed', why: 'end' },
    ]
    expect(told(items)).toEqual([['enrollment.completed']])
  })
})

describe('why a mail was skipped', () => {
  test('names what was asked before, what failed and what was not reached', () => {
    const results = mailChecks(mail(1, 'skipped', { reason: 'no-consent' })).map(({ result }) => result)
    expect(results).toEqual(['passed', 'passed', 'failed', 'not-reached'])
  })

  test('reasons of another kind show no checks', () => {
    expect(mailChecks(mail(1, 'skipped', { reason: 'late' }))).toEqual([])
    expect(mailChecks(mail(1, 'sent'))).toEqual([])
  })
})
