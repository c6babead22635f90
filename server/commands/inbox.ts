/** The embedded inbox keeps the newest mails it was sent. */
import type { Moment } from '../engine/context.ts'
import type { CommandInput } from './contract.ts'

const KEPT = 10_000

export async function storeInboxMail({ tx, now }: Moment, input: CommandInput<'store-inbox-mail'>): Promise<null> {
  for (const mail of input.mails) {
    await tx.sql
      .insertInto('inbox_mail')
      .values({
        received_at: now,
        mail_from: mail.mailFrom,
        rcpt_to: JSON.stringify(mail.rcptTo),
        subject: mail.subject,
        header_from: mail.headerFrom,
        message_id: mail.messageId,
        size_bytes: mail.raw.byteLength,
        raw: mail.raw,
      })
      .execute()
  }
  const oldest = await tx.sql
    .selectFrom('inbox_mail')
    .select('id')
    .orderBy('id', 'desc')
    .offset(KEPT)
    .limit(1)
    .executeTakeFirst()
  if (oldest !== undefined) await tx.sql.deleteFrom('inbox_mail').where('id', '<=', oldest.id).execute()
  return null
}

export async function clearInbox({ tx }: Moment): Promise<null> {
  await tx.sql.deleteFrom('inbox_mail').execute()
  return null
}
