/** Settings > Sending as it looks in trouble: what the product answers of its account, with one thing changed. */
import type { Page } from '@playwright/test'
import type { ConnectionTest, SendingAccount, SendingDomain } from '../../../shared/api/settings.ts'

const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const refused = '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6'
const unreachable = {
  code: 'no-connection',
  since: at(-3),
  response: 'connect ECONNREFUSED 203.0.113.9:587',
  retryAt: at(0.01),
} as const
const turnedAway = { code: 'auth-refused', since: at(-26), response: refused, retryAt: at(0.7) } as const
const paused = { status: 'paused', pausedAt: at(-26), queued: 12_480 } as const

export const ACCOUNTS: Readonly<Record<string, Partial<SendingAccount>>> = {
  unreachable: { trouble: unreachable, queued: 12_480 },
  'paused-by-itself': { ...paused, pausedReason: 'auth-refused', pausedBy: null, trouble: turnedAway },
  'paused-by-hand': { ...paused, pausedReason: 'by-hand', pausedBy: 'Mai Tran', trouble: null },
  'slowed-and-quota-used': {
    reachableSince: at(-50),
    slowedUntil: at(0.15),
    quota: { perDay: 50_000, used: 50_000, resetsAt: at(9) },
    quotaPerDay: 50_000,
    ratePerSecond: 14,
    queued: 12_480,
    doneAt: at(20),
  },
  opportunistic: { security: 'opportunistic', reachableSince: at(-1) },
  'no-encryption': { security: 'none', reachableSince: at(-1), port: 25 },
}

const value = `v=DKIM1; k=rsa; p=${'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA'.repeat(8)}QIDAQAB`
const key = (over: Partial<SendingDomain>): SendingDomain => {
  const selector = over.selector ?? 'pn2611224c09ab'
  const name = `${selector}._domainkey.garden.example`
  return {
    id: selector,
    domain: 'garden.example',
    selector,
    algorithm: 'rsa-sha256',
    record: { type: 'TXT', name, value, chunks: [value.slice(0, 255), value.slice(255)] },
    isSigning: false,
    isReadable: true,
    createdAt: at(-30),
    seenAt: null,
    check: null,
    ...over,
  }
}
const seen = { at: at(-0.2), status: 'seen', found: [value] } as const
export const KEYS: Readonly<Record<string, SendingDomain[]>> = {
  made: [key({})],
  missing: [key({ check: { at: at(-0.1), status: 'missing', found: [] } })],
  different: [
    key({
      check: { at: at(-0.1), status: 'other-key', found: ['v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A'] },
    }),
  ],
  seen: [key({ check: { ...seen, found: [value] }, seenAt: at(-0.2) })],
  'signing-and-next': [
    key({ isSigning: true, seenAt: at(-20), check: { ...seen, found: [value] } }),
    key({ selector: 'pn261122f00d12' }),
  ],
  unreadable: [key({ isSigning: true, isReadable: false })],
}

export const REFUSED: ConnectionTest = {
  ok: false,
  stage: 'auth',
  tookMs: 412,
  secure: true,
  answer: `${refused}\n334 UGFzc3dvcmQ6\n250-smtp.garden.example\n220 smtp.garden.example ESMTP`,
  trouble: 'auth-refused',
  steps: [
    { step: 'connect', outcome: 'passed', said: '220 smtp.garden.example ESMTP' },
    { step: 'greeting', outcome: 'passed', said: '250-smtp.garden.example' },
    { step: 'tls', outcome: 'passed', said: 'TLSv1.3' },
    { step: 'auth', outcome: 'failed', said: refused },
  ],
  encryption: { protocol: 'TLSv1.3', certificateUntil: at(24 * 80) },
}

/** From now on the page is told this of its account and its keys. */
export async function pretend(page: Page, account: Partial<SendingAccount>, keys: readonly SendingDomain[] = []) {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.route('**/api/v1/sending-accounts', async (route) => {
    const response = await route.fetch({ maxRetries: 2 }) // a kept-alive connection may be closed just then
    const { items } = (await response.json()) as { items: SendingAccount[] }
    const changed = items.map((item) =>
      item.kind === 'smtp' ? { ...item, host: 'smtp.garden.example', port: 587, ...account } : item,
    )
    await route.fulfill({ response, json: { items: changed } })
  })
  await page.route('**/api/v1/sending-domains', (route) => route.fulfill({ json: { items: keys } }))
  await page.route('**/api/v1/sending-accounts/test', (route) => route.fulfill({ json: REFUSED }))
}
