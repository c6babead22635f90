/** The application with one of everything, so that hostile requests meet people, workflows, messages and mail. */
import { createHash } from 'node:crypto'
import { API_KEY, ORIGIN, signedIn, type TestApp, testApp } from '../support/app.ts'
import { welcome } from '../support/documents.ts'

export type SmallWorld = TestApp & { cookie: string; origin: string; workflowId: string }

export async function smallWorld(): Promise<SmallWorld> {
  const t = await testApp()
  const cookie = await signedIn(t)
  for (const email of ['a@example.com', 'b@example.com'])
    await t.call('PUT', '/api/v1/contacts', {
      email,
      externalId: email.slice(0, 1),
      attributes: { plan: 'pro', n: 1, first_name: 'An' },
      tags: ['beta'],
      consent: { marketing: 'granted' },
    })
  const { body } = await t.call<{ id: string }>('POST', '/api/v1/workflows', welcome())
  await t.call('POST', `/api/v1/workflows/${body.id}/publish`, {})
  await t.call('POST', '/api/v1/workflows', welcome())
  await t.call('POST', '/api/v1/events', { name: 'Signed up', contact: { email: 'a@example.com' } })
  await t.call('POST', '/api/v1/api-keys', { name: 'One', scopes: ['contacts:read'] })
  await storeMail(t)
  await t.world.settle()
  return { ...t, cookie, origin: ORIGIN, workflowId: body.id }
}

const LETTER = 'From: a@example.com\r\nTo: b@example.com\r\nSubject: Hi\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n'

async function storeMail({ commands }: TestApp): Promise<void> {
  const envelope = {
    mailFrom: 'a@example.com',
    rcptTo: ['b@example.com'],
    headerFrom: 'a@example.com',
    messageId: 'x@y',
  }
  await commands('store-inbox-mail', { mails: [{ ...envelope, subject: 'Hi', raw: Buffer.from(LETTER) }] })
}

export const KEYED = { authorization: `Bearer ${API_KEY}` }

/** Every row of every table, as one hash per table: what has changed, whoever changed it. */
export async function tableHashes({ db }: TestApp): Promise<Record<string, string>> {
  const tables = await db.sql.introspection.getTables()
  const hashes: Record<string, string> = {}
  for (const { name } of tables) {
    const rows = await db.sql
      .selectFrom(name as never)
      .selectAll()
      .execute()
    hashes[name] = createHash('sha256')
      .update(
        rows
          .map((row) => JSON.stringify(row))
          .sort()
          .join('\n'),
      )
      .digest('hex')
  }
  return hashes
}
