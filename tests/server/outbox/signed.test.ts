/** A mail of the product, signed by a key of the product, as a receiver sees it. */
import { expect, test } from 'vitest'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import { dkimTools } from '../../../server/mail/dkim-tools.ts'
import { DKIM_PURPOSE, sealer } from '../../../server/mail/secrets.ts'
import { dkimKeys } from '../../../server/outbox/dkim-keys.ts'
import { outboxReads } from '../../../server/outbox/reads.ts'
import { type DkimAlgorithm, dkimRecord } from '../../../shared/message/dkim-record.ts'
import { twoMails } from '../../support/documents.ts'
import { startSink, until } from '../../support/smtp-sink.ts'
import { verifyDkim } from '../../support/verify-dkim.ts'
import { createWorld } from '../../support/world.ts'
import { fakeOutbox, senderFor } from './fake-outbox.ts'

const SECRET = ['a secret']

async function received(domain: string, algorithm: DkimAlgorithm | null, secret = SECRET) {
  const sink = await startSink()
  const world = await createWorld()
  world.deliver = () => Promise.resolve(0)
  await world.db.sql.updateTable('sending_account').set({ kind: 'smtp', host: '127.0.0.1', port: sink.port }).execute()
  let record = ''
  if (algorithm !== null) {
    const key = await dkimTools(SECRET).makeKey(algorithm)
    const { id } = await world.commands('add-sending-domain', { domain, algorithm, ...key })
    await world.commands('set-domain-signing', { id, on: true, force: true })
    const { selector } = await world.db.sql.selectFrom('sending_domain').selectAll().executeTakeFirstOrThrow()
    record = dkimRecord({ domain, selector, algorithm, publicKey: key.publicKey }).value
  }
  await world.publish(twoMails())
  await world.event(await world.subscriber('mai@example.com'), 'Signed up')
  await activateSlice(world.db, world.engine, 10)
  const errors: string[] = []
  const log = { error: (_details: object, message: string) => errors.push(message) }
  const openKey = sealer(secret, DKIM_PURPOSE).open
  const sender = senderFor(fakeOutbox(world.now), {
    commands: world.commands,
    reads: outboxReads(world.db.sql),
    now: world.now,
    dkim: dkimKeys({ sql: world.db.sql, openKey, now: world.now, log }),
  })
  await until(() => sink.accepted.length === 1, 'a mail')
  await sender.stop()
  await world.close()
  await sink.close()
  return { raw: sink.accepted[0]?.raw ?? Buffer.alloc(0), record, errors }
}

test.each(['rsa-sha256', 'ed25519-sha256'] as const)(
  'verifies with %s, headers for unsubscribing included',
  async (algorithm) => {
    const { raw, record } = await received('example.com', algorithm)
    const verified = verifyDkim(raw, record)
    expect(verified).toMatchObject({ ok: true, bodyOk: true })
    for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'list-unsubscribe', 'list-id'])
      expect(verified.signed).toContain(name)
    expect(raw.toString('latin1').match(/^DKIM-Signature:/gm)).toHaveLength(1)
  },
)

test('a key of another domain does not sign, and without a key nothing is', async () => {
  expect((await received('elsewhere.example', 'ed25519-sha256')).raw.toString('latin1')).not.toContain('DKIM-Signature')
  expect((await received('x', null)).raw.toString('latin1')).not.toContain('DKIM-Signature')
})

test('a key that cannot be opened signs nothing and says so', async () => {
  const { raw, errors } = await received('example.com', 'ed25519-sha256', ['another secret'])
  expect(raw.toString('latin1')).not.toContain('DKIM-Signature')
  expect(errors).toHaveLength(1)
})
