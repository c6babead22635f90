/** A server that says our AUTH line back to us, in all the places where its words are kept. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLane } from '../../../server/mail/smtp.ts'
import { withoutSecrets } from '../../../server/mail/smtp-secrets.ts'
import { testConnection } from '../../../server/mail/test-connection.ts'
import { startSink } from '../../support/smtp-sink.ts'

const username = 'news@shop.example'
const password = 'Gießkanne "7" & more'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const authLine = `AUTH PLAIN ${base64(`\0${username}\0${password}`)}`
const isKept = (text: string) =>
  [password, base64(password), authLine.slice(11)].some((secret) => text.includes(secret))

test.each([
  ['refuses it', `535 5.7.8 bad command: ${authLine}`],
  ['quotes the password itself', `535 5.7.8 ${password} is not the password of ${username}`],
  ['says it over several lines', `535-5.7.8 You said\r\n535-${authLine}\r\n535 5.7.8 which means ${password}`],
])('a connection test does not show the password when the server %s', async (_how, answer) => {
  const sink = await startSink({ onAuth: () => answer })
  const found = await testConnection({ host: '127.0.0.1', port: sink.port, security: 'none', username, password })
  expect(found).toMatchObject({ ok: false, stage: 'auth', trouble: 'auth-refused' })
  expect(isKept(JSON.stringify(found))).toBe(false)
  expect(isKept(`${found.answer}${found.steps.map(({ said }) => said).join('')}`)).toBe(false)
  expect(found.answer).toContain('[hidden]')
  await sink.close()
})

test('nor when it takes the password and repeats it, there or later with a message', async () => {
  const said = `repeats ${authLine} and ${password}`
  const sink = await startSink({ onAuth: () => `235 2.7.0 ${said}`, onMail: () => `550 5.7.1 ${said}` })
  const settings = { host: '127.0.0.1', port: sink.port, security: 'none', username, password } as const
  expect(isKept(JSON.stringify(await testConnection(settings)))).toBe(false)
  const lane = createLane(settings)
  expect(await lane.open()).toEqual({ ok: true })
  const envelope = { from: 'a@shop.example', to: 'b@example.com', needsSmtpUtf8: false }
  const delivery = await lane.send(envelope, Buffer.from('Subject: x\r\n\r\nx\r\n'), () => Promise.resolve(true))
  expect(delivery).toMatchObject({ kind: 'reply', stage: 'mail', code: 550 })
  expect(isKept(delivery.response)).toBe(false)
  lane.close()
  await sink.close()
})

test('whatever the password is, what AUTH writes of it is hidden', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (secret, user, around) => {
      const plain = base64(`\0${user}\0${secret}`)
      const text = withoutSecrets({ username: user, password: secret })(`${around} ${plain} ${around}`)
      expect(text.includes(plain) && !around.includes(plain)).toBe(false)
    }),
  )
  expect(withoutSecrets({ username: '', password: null })('535 no')).toBe('535 no')
})
