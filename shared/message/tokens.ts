/** What a signed link carries: ids only, never a URL or an address. The signing itself is server/tracking/tokens.ts. */
import { type ContactId, fromColumn, type MessageId } from '../ids.ts'

export type LinkPayload =
  | { kind: 'click'; messageId: MessageId; linkNo: number }
  | { kind: 'open'; messageId: MessageId }
  /** `isTest`: a link of a test send, whose page shows what a real one would do and changes nothing. */
  | { kind: 'unsubscribe'; contactId: ContactId; messageId: MessageId | null; isTest: boolean }

/** Makes the links of one mail. Addresses are absolute: `publicUrl` is their base, without a slash at the end. */
export type LinkSigner = {
  /** Click addresses in the order of `linkNos`, and the pixel's, made together: a mail has dozens. */
  mailUrls(
    publicUrl: string,
    mail: { messageId: MessageId; linkNos: readonly number[] },
  ): { clicks: readonly string[]; open: string }
  /** `<publicUrl>/t/c/<token>` */
  clickUrl(publicUrl: string, link: { messageId: MessageId; linkNo: number }): string
  /** `<publicUrl>/t/o/<token>` */
  openUrl(publicUrl: string, link: { messageId: MessageId }): string
  /** `<publicUrl>/u/<token>` */
  unsubscribeUrl(
    publicUrl: string,
    link: { contactId: ContactId; messageId: MessageId | null; isTest?: boolean },
  ): string
}

/** The text that is signed: a letter for the kind, then the ids in base 36. */
export function encodePayload(payload: LinkPayload): string {
  switch (payload.kind) {
    case 'click':
      return `c${payload.messageId.toString(36)}-${payload.linkNo.toString(36)}`
    case 'open':
      return `o${payload.messageId.toString(36)}`
    case 'unsubscribe':
      return `${payload.isTest ? 't' : 'u'}${payload.contactId.toString(36)}-${(payload.messageId ?? 0).toString(36)}`
  }
}

const SHAPE = /^([cotu])([0-9a-z]{1,11})(?:-([0-9a-z]{1,11}))?$/

/** Read what `encodePayload` wrote; null for anything else. */
export function decodePayload(text: string): LinkPayload | null {
  const match = SHAPE.exec(text)
  if (match === null) return null
  const first = Number.parseInt(match[2] ?? '', 36)
  const second = match[3] === undefined ? null : Number.parseInt(match[3], 36)
  // A test send may have no contact at all: then the id is 0.
  if (
    !Number.isSafeInteger(first) ||
    (first < 1 && match[1] !== 't') ||
    (second !== null && !Number.isSafeInteger(second))
  )
    return null
  if (match[1] === 'o') return second === null ? { kind: 'open', messageId: fromColumn<MessageId>(first) } : null
  if (second === null) return null
  if (match[1] === 'c') return { kind: 'click', messageId: fromColumn<MessageId>(first), linkNo: second }
  const messageId = second === 0 ? null : fromColumn<MessageId>(second)
  return { kind: 'unsubscribe', contactId: fromColumn<ContactId>(first), messageId, isTest: match[1] === 't' }
}
