import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Environment, loadConfig, splitMailFrom } from '../../../server/config.ts'
import { parseSmtpUrl } from '../../../shared/message/smtp-url.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'perennial-config-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const load = (env: Environment = {}) => loadConfig({ DATA_DIR: dataDir, ...env })
const messageOf = (env: Environment): string => {
  try {
    load(env)
    return ''
  } catch (error) {
    return String(error)
  }
}

describe('the environment', () => {
  test('needs nothing: every variable has a default', () => {
    expect(load()).toMatchObject({
      port: 3_000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      databaseUrl: `file:${join(dataDir, 'perennial.db')}`,
      role: 'all',
      smtpUrl: null,
      smtpRetryMs: [300_000, 1_800_000, 7_200_000, 14_400_000, 28_800_000],
      uncertainSends: 'hold',
    })
  })

  test('makes a secret once, readable by the owner alone', () => {
    const [first] = load().secretKeys
    expect(first).toMatch(/^[\w-]{43}$/)
    expect(load().secretKeys).toEqual([first])
    expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(dataDir, 'secret.key'), 'utf8').trim()).toBe(first)
  })

  test('refuses a secret file that was cut short', () => {
    writeFileSync(join(dataDir, 'secret.key'), 'abc')
    expect(messageOf({})).toMatch(/holds 3 characters; expected/)
  })

  test('takes several keys; the first signs', () => {
    const keys = ['a'.repeat(32), 'b'.repeat(40)]
    expect(load({ SECRET_KEY: keys.join(', ') }).secretKeys).toEqual(keys)
  })

  test.each([
    ['PORT', '70000', 'a whole number from 0 to 65535'],
    ['PORT', '1e3', 'a whole number from 0 to 65535'],
    ['PUBLIC_URL', 'mail.example.com', 'an address such as https://'],
    ['PUBLIC_URL', 'javascript:alert(1)', 'an address such as https://'],
    ['DATABASE_URL', 'postgres://localhost/x', 'file:<path>'],
    ['ROLE', 'boss', 'one of all, web, worker'],
    ['ROLE', 'worker', 'all: with a SQLite file'],
    ['ROLE', 'web', 'all: with a SQLite file'],
    ['LOG_LEVEL', 'loud', 'one of trace'],
    ['SMTP_RETRY', 'PT5M,soon', 'a list of up to 20 ISO 8601 durations'],
    ['MAIL_FROM', 'nobody', 'an address such as'],
    ['OUTBOUND_ALLOW', 'host', 'host:port entries'],
    ['TRUSTED_PROXIES', '10.0.0.0/8x', 'IP addresses'],
    ['UNCERTAIN_SENDS', 'maybe', 'one of hold, resend'],
  ])('%s=%s refuses to start, naming variable, value and expectation', (name, value, expected) => {
    const message = messageOf({ [name]: value })
    expect(message).toContain(`${name} is ${JSON.stringify(value)}; expected`)
    expect(message).toContain(expected)
  })

  test.each([
    ['SECRET_KEY', 'tooshort'],
    ['PERENNIAL_API_KEY', 'has spaces in it and is long enough so'],
    ['SMTP_URL', 'http://user:hunter2@mail.example.com'],
  ])('%s is refused without showing it', (name, value) => {
    const message = messageOf({ [name]: value })
    expect(message).toContain(`${name} is a value of ${value.length} characters; expected`)
    expect(message).not.toContain(value)
  })

  test('names everything that is wrong at once', () => {
    expect(messageOf({ PORT: 'x', ROLE: 'y' }).match(/expected/g)).toHaveLength(2)
  })
})

describe('SMTP_URL', () => {
  test.each([
    [
      'smtp://mail.example.com',
      { port: 587, security: 'opportunistic', username: '', password: null, maxConnections: 10, ratePerSecond: null },
    ],
    ['smtps://u%40x:p%2Fw@mail.example.com', { port: 465, security: 'tls', username: 'u@x', password: 'p/w' }],
    [
      'smtp://mail.example.com:2525?tls=require&maxConnections=3&ratePerSecond=2.5&ratePerHour=900',
      { port: 2525, security: 'starttls', maxConnections: 3, ratePerSecond: 2.5, ratePerHour: 900 },
    ],
    ['smtp://[::1]:25', { host: '::1', port: 25 }],
  ])('%s', (text, expected) => expect(parseSmtpUrl(text)).toMatchObject({ ok: true, account: expected }))

  test.each([
    'mail.example.com',
    'smtp://',
    'smtp://m.example?tls=maybe',
    'smtp://m.example?pool=true',
    'smtp://m.example?maxConnections=0',
    'smtp://%ZZ@m.example',
  ])('%s is refused', (text) => expect(parseSmtpUrl(text).ok).toBe(false))
})

test('MAIL_FROM is an address, or a name with one', () => {
  expect(splitMailFrom('Mai <mai@example.com>')).toEqual({ name: 'Mai', email: 'mai@example.com' })
  expect(splitMailFrom('"Garden, Ltd." <g@example.com>')).toEqual({ name: 'Garden, Ltd.', email: 'g@example.com' })
  expect(splitMailFrom('mai@example.com')).toEqual({ name: '', email: 'mai@example.com' })
  expect(splitMailFrom('Mai <mai>')).toBeNull()
})
