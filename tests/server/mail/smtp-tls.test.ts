/** What each policy of encryption does with good, bad and missing certificates. */
import { afterEach, describe, expect, test } from 'vitest'
import { createLane, type Lane } from '../../../server/mail/smtp.ts'
import type { LaneSettings } from '../../../server/mail/smtp-settings.ts'
import { testConnection } from '../../../server/mail/test-connection.ts'
import { judge } from '../../../shared/message/replies.ts'
import { AUTHORITY, EXPIRED, GOOD, KEY, NOT_YET_VALID, OTHER_NAME, SELF_SIGNED } from '../../support/certificates.ts'
import { type Sink, type SinkScript, startSink } from '../../support/smtp-sink.ts'

const open: { sink: Sink; lane: Lane }[] = []
afterEach(async () => {
  for (const { sink, lane } of open.splice(0)) {
    lane.close()
    await sink.close()
  }
})

const settingsFor = (port: number, over: Partial<LaneSettings>): LaneSettings => ({
  host: 'localhost',
  port,
  security: 'starttls',
  username: '',
  password: null,
  clientName: 'sender.test',
  trusted: AUTHORITY,
  timeouts: { greetingMs: 500, mailMs: 500 },
  ...over,
})
async function laneTo(script: SinkScript, over: Partial<LaneSettings> = {}) {
  const sink = await startSink(script)
  const lane = createLane(settingsFor(sink.port, over))
  open.push({ sink, lane })
  return { sink, lane }
}
const envelope = { from: 'ana@shop.example', to: 'mai@example.com', needsSmtpUtf8: false }
const raw = Buffer.from('Subject: hello\r\n\r\nbody\r\n')
const send = async (lane: Lane) => {
  const opened = await lane.open()
  return opened.ok ? lane.send(envelope, raw, () => Promise.resolve(true)) : opened.answer
}
/** The account pauses, the mail goes back untouched. */
async function expectPause(lane: Lane, trouble: string) {
  const answer = await send(lane)
  if (answer.kind !== 'lost' && answer.kind !== 'reply') throw new Error(`got ${answer.kind}`)
  expect(judge(answer)).toEqual({ message: { kind: 'requeue' }, account: 'pause', trouble })
}

const POLICIES = [
  ['starttls', false],
  ['tls', true],
] as const

describe.each(POLICIES)('an account of %s', (security, isImplicit) => {
  const tls = (cert: string) => ({ tls: { key: KEY, cert, isImplicit } })

  test('sends over TLS 1.2 or newer to the server it meant, named by SNI', async () => {
    const { sink, lane } = await laneTo(tls(GOOD), { security })
    expect(await send(lane)).toMatchObject({ kind: 'reply', code: 250 })
    expect(sink.secured).toEqual([{ serverName: 'localhost', version: 'TLSv1.3' }])
    const old = await laneTo({ tls: { key: KEY, cert: GOOD, isImplicit, maxVersion: 'TLSv1.2' } }, { security })
    expect(await send(old.lane)).toMatchObject({ code: 250 })
    expect(old.sink.secured).toMatchObject([{ version: 'TLSv1.2' }])
  })

  test.each([
    ['has expired', EXPIRED, 'tls-expired'],
    ['is not valid yet', NOT_YET_VALID, 'tls-not-yet-valid'],
    ['is for another name', OTHER_NAME, 'tls-name'],
    ['was signed by itself', SELF_SIGNED, 'tls-self-signed'],
  ])('pauses, and says why, when the certificate %s', async (_what, cert, trouble) => {
    const { sink, lane } = await laneTo(tls(cert), { security })
    await expectPause(lane, trouble)
    expect(sink.accepted).toHaveLength(0)
    expect(sink.commands.filter((line) => /^(AUTH|MAIL)/.test(line))).toEqual([])
  })

  test('pauses when nobody it trusts made the certificate', async () => {
    const { lane } = await laneTo(tls(GOOD), { security, trusted: OTHER_NAME })
    await expectPause(lane, 'tls-untrusted')
  })

  test('pauses when the server speaks only old TLS', async () => {
    const { lane } = await laneTo({ tls: { key: KEY, cert: GOOD, isImplicit, maxVersion: 'TLSv1.1' } }, { security })
    const answer = await send(lane)
    if (answer.kind !== 'lost') throw new Error(`got ${answer.kind}`)
    expect(judge(answer)).toMatchObject({ message: { kind: 'requeue' }, account: 'pause' })
    expect(['tls-version', 'tls-failed']).toContain(judge(answer).trouble)
  })
})

describe('an account that demands STARTTLS', () => {
  test.each([
    ['does not offer it', {}],
    ['refuses it', { tls: { key: KEY, cert: GOOD }, onStartTls: () => '502 5.5.1 what?' }],
    ['offers it no more: somebody on the way took it out', { extensions: ['PIPELINING', '8BITMIME'] }],
  ] satisfies [string, SinkScript][])(
    'pauses when the server %s, and says nothing in the clear',
    async (_what, script) => {
      const auth = { user: 'ana', pass: 'secret' }
      const { sink, lane } = await laneTo({ ...script, auth }, { username: 'ana', password: 'secret' })
      await expectPause(lane, 'tls-missing')
      expect(sink.commands.join('\n')).not.toMatch(/AUTH|MAIL/)
    },
  )

  test('only waits when the server cannot encrypt for the moment', async () => {
    const { lane } = await laneTo({
      tls: { key: KEY, cert: GOOD },
      onStartTls: () => '454 4.7.0 TLS not available now',
    })
    const answer = await send(lane)
    if (answer.kind !== 'reply') throw new Error(`got ${answer.kind}`)
    expect(judge(answer)).toMatchObject({ message: { kind: 'requeue' }, account: 'back-off' })
  })
})

describe('an account that takes encryption where it is offered', () => {
  const over = { security: 'opportunistic' } as const
  test.each([
    ['from anybody', SELF_SIGNED],
    ['under another name', OTHER_NAME],
    ['that has expired', EXPIRED],
  ])('takes a certificate %s: better than none', async (_what, cert) => {
    const { sink, lane } = await laneTo({ tls: { key: KEY, cert } }, over)
    expect(await send(lane)).toMatchObject({ code: 250 })
    expect(sink.secured).toHaveLength(1)
  })

  test('sends without, where none is offered', async () => {
    const { sink, lane } = await laneTo({}, over)
    expect(await send(lane)).toMatchObject({ code: 250 })
    expect(sink.secured).toEqual([])
  })

  test('never gives the password away when the server took its offer back', async () => {
    const script = {
      tls: { key: KEY, cert: GOOD },
      auth: { user: 'a', pass: 'b' },
      onStartTls: () => '454 4.7.0 not now',
    }
    const { sink, lane } = await laneTo(script, { ...over, username: 'a', password: 'b' })
    await expectPause(lane, 'auth-unavailable')
    expect(sink.commands.join('\n')).not.toContain('AUTH')
  })
})

test('an account without encryption never starts it', async () => {
  const { sink, lane } = await laneTo({ tls: { key: KEY, cert: GOOD } }, { security: 'none' })
  expect(await send(lane)).toMatchObject({ code: 250 })
  expect(sink.commands).not.toContain('STARTTLS')
})

describe('the connection test', () => {
  async function tested(script: SinkScript, over: Partial<LaneSettings> = {}) {
    const { sink } = await laneTo(script)
    return testConnection(settingsFor(sink.port, over), { patienceMs: 500 })
  }
  test('says each step with the words of the server, and until when the certificate is valid', async () => {
    const auth = { user: 'ana', pass: 'right' }
    const test = await tested({ tls: { key: KEY, cert: GOOD }, auth }, { username: 'ana', password: 'right' })
    expect(test).toMatchObject({ ok: true, secure: true, trouble: null, encryption: { protocol: 'TLSv1.3' } })
    expect(test.encryption?.certificateUntil).toMatch(/^21\d\d-/)
    expect(test.steps).toEqual([
      { step: 'connect', outcome: 'passed', said: '220 sink.test ESMTP' },
      { step: 'greeting', outcome: 'passed', said: expect.stringMatching(/^250/) },
      { step: 'tls', outcome: 'passed', said: 'TLSv1.3' },
      { step: 'auth', outcome: 'passed', said: '235 2.7.0 Ok' },
    ])
  })

  test('stops at the certificate and names what is wrong with it', async () => {
    const test = await tested({ tls: { key: KEY, cert: EXPIRED } })
    expect(test).toMatchObject({ ok: false, stage: 'tls', trouble: 'tls-expired' })
    expect(test.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'connect passed',
      'greeting passed',
      'tls failed',
      'auth skipped',
    ])
  })

  test('stops at the password', async () => {
    const script = { tls: { key: KEY, cert: GOOD }, auth: { user: 'ana', pass: 'right' } }
    const test = await tested(script, { username: 'ana', password: 'wrong' })
    expect(test).toMatchObject({ ok: false, stage: 'auth', trouble: 'auth-refused' })
    expect(test.steps.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed', 'failed'])
    expect(test.steps.at(-1)?.said).toContain('535')
    expect(JSON.stringify(test)).not.toContain('wrong')
  })
})
