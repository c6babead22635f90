import { describe, expect, test } from 'vitest'
import { enhancedCodeOf, judge, type SmtpStage } from '../../../shared/message/replies.ts'
import { DEFAULT_RETRY_MS, nextAttemptAt } from '../../../shared/message/retry.ts'

const reply = (stage: SmtpStage, response: string) =>
  judge({ kind: 'reply', stage, code: Number(response.slice(0, 3)), enhanced: enhancedCodeOf(response), response })
const short = ({ message, account }: ReturnType<typeof judge>): string => {
  const hard = message.kind === 'failed' && message.hardBounce ? ' hard' : ''
  return `${message.kind}${'reason' in message ? ` ${message.reason}` : ''}${hard}${account === 'ok' ? '' : ` ${account}`}`
}

describe('an SMTP reply', () => {
  const cases: [SmtpStage, string, string][] = [
    ['dot', '250 2.0.0 Ok: queued', 'sent'],
    ['rcpt', '451 4.3.0 Try again', 'retry smtp-451'],
    ['rcpt', '450 Greylisted', 'retry smtp-450'],
    ['rcpt', '452 4.5.3 Too many recipients', 'retry smtp-452'],
    ['rcpt', '552 Too many recipients', 'retry smtp-552'],
    ['rcpt', '552 5.2.2 Mailbox full', 'failed mailbox-full'],
    ['dot', '451 4.7.1 Please slow', 'retry smtp-451 slow'],
    ['dot', '450 Sending rate exceeded', 'retry smtp-450 slow'],
    ['mail', '421 4.3.2 Shutting down', 'retry smtp-421 slow'],
    ['dot', '421 bye', 'retry smtp-421 slow'],
    ['greeting', '421 busy', 'requeue slow'],
    ['greeting', '554 No SMTP service here', 'requeue back-off'],
    ['auth', '535 5.7.8 Authentication failed', 'requeue pause'],
    ['auth', '454 4.7.0 Temporary authentication failure', 'requeue back-off'],
    ['mail', '530 5.7.0 Must issue a STARTTLS command first', 'requeue pause'],
    ['rcpt', '530 Authentication required', 'requeue pause'],
    ['rcpt', '550 5.1.1 No such user', 'failed recipient-unknown hard'],
    ['dot', '550 5.1.1 No such user', 'failed recipient-unknown hard'],
    ['rcpt', '550 5.1.10 Null MX', 'failed recipient-unknown hard'],
    ['rcpt', '556 Domain does not accept mail', 'failed recipient-unknown hard'],
    ['rcpt', '550 mailbox unavailable', 'failed recipient-unknown hard'],
    ['rcpt', '550 No such user here', 'failed recipient-unknown hard'],
    ['rcpt', '550 Rejected', 'failed refused'],
    ['rcpt', '550 User unknown: blocked by spam policy', 'failed policy'],
    ['rcpt', '550 5.7.1 Access denied', 'failed policy'],
    ['mail', '550 5.1.1 Sender unknown', 'failed sender-refused'],
    ['mail', '552 5.3.4 Too large', 'failed too-large'],
    ['dot', '554 5.6.0 Bad content', 'failed policy'],
    ['dot', '550 5.2.1 Mailbox disabled', 'failed refused'],
  ]
  test.each(cases)('at %s: %s -> %s', (stage, response, expected) => {
    expect(short(reply(stage, response))).toBe(expected)
  })
})

describe('no reply', () => {
  const lost = (stage: SmtpStage, over: { isMarked?: boolean; isTls?: boolean } = {}) =>
    short(judge({ kind: 'lost', stage, response: 'gone', isMarked: false, isTls: false, ...over }))
  test('before the mark is safe to try again', () => {
    expect(lost('data')).toBe('requeue')
    expect(lost('mail')).toBe('requeue')
    expect(lost('connect')).toBe('requeue back-off')
  })
  test('after the mark is uncertain, whatever broke', () => {
    expect(lost('dot', { isMarked: true })).toBe('uncertain no-reply-after-dot')
    expect(lost('dot', { isMarked: true, isTls: true })).toBe('uncertain no-reply-after-dot')
  })
  test('by a TLS failure pauses the account', () => {
    expect(lost('greeting', { isTls: true })).toBe('requeue pause')
  })
})

describe('the retry list', () => {
  test('is walked through once, then the message has failed', () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempt) => nextAttemptAt({ attempt, failedAt: 1_000 }))
    expect(waits).toEqual([...DEFAULT_RETRY_MS.map((ms) => ms + 1_000), null])
  })
  test('refuses an attempt that cannot be', () => {
    expect(() => nextAttemptAt({ attempt: 0, failedAt: 0 })).toThrow(RangeError)
  })
})
