/** One mail for one recipient as bytes: multipart/alternative, quoted-printable. The same input gives the same bytes, always. */
import { createHash } from 'node:crypto'
import type { HeaderField } from '../../shared/message/headers.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { mailboxField, structuredField, textField } from './header-encoding.ts'
import { quotedPrintable } from './quoted-printable.ts'

export type OutgoingMail = {
  from: { name: string; address: string }
  to: { name: string; address: string }
  subject: string
  html: string
  text: string
  /** Without brackets. */
  messageId: string
  date: Instant
  fields: readonly HeaderField[]
}

const CRLF = '\r\n'

/** Addresses are envelopes of `parseAddress`. */
export function mimeMessage(mail: OutgoingMail): Buffer {
  // Quoted-printable never contains "=_", so the boundary needs no search; derived, so a retry has the same bytes.
  const frame = frameOf(mail.messageId)
  return Buffer.concat([
    Buffer.from(mailHead(mail), 'utf8'),
    frame.beforeText,
    quotedPrintable(mail.text),
    frame.beforeHtml,
    quotedPrintable(mail.html),
    frame.end,
  ])
}

export type MailHead = Omit<OutgoingMail, 'html' | 'text'>

/** All fields but those of MIME, which `frameOf` has. */
export function mailHead(mail: MailHead): string {
  return (
    mailboxField('From', mail.from.name, mail.from.address) +
    mailboxField('To', mail.to.name, mail.to.address) +
    textField('Subject', mail.subject) +
    structuredField('Date', rfc5322Date(mail.date)) +
    structuredField('Message-ID', `<${mail.messageId}>`) +
    mail.fields.map(field).join('')
  )
}

export type MimeFrame = { beforeText: Buffer; beforeHtml: Buffer; end: Buffer }

/** What stands around the two bodies. @param seed  of the boundary */
export function frameOf(seed: string): MimeFrame {
  const boundary = `=_${createHash('sha256').update(seed).digest('hex').slice(0, 32)}`
  const mime =
    structuredField('MIME-Version', '1.0') +
    `Content-Type: multipart/alternative;${CRLF} boundary="${boundary}"${CRLF}${CRLF}`
  return {
    beforeText: Buffer.from(mime + partHead(boundary, 'text/plain')),
    beforeHtml: Buffer.from(CRLF + partHead(boundary, 'text/html')),
    end: Buffer.from(`${CRLF}--${boundary}--${CRLF}`),
  }
}

const partHead = (boundary: string, type: string): string =>
  `--${boundary}${CRLF}Content-Type: ${type}; charset=utf-8${CRLF}Content-Transfer-Encoding: quoted-printable${CRLF}${CRLF}`

function field({ name, value, phrase }: HeaderField): string {
  if (phrase === undefined) return structuredField(name, value)
  const address = /^<([^<>\s]+)>$/.exec(value)?.[1]
  if (address === undefined)
    throw new RangeError(`${name} needs a value in angle brackets, got ${JSON.stringify(value)}`)
  return mailboxField(name, phrase, address)
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function rfc5322Date(at: Instant): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  const day = `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
  return `${day} ${time} +0000`
}
