/** The embedded inbox: an SMTP server on loopback that keeps what it gets until a real account is set. 250 is said after it is stored. */
import { decodeWords } from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { createBatcher } from './batcher.ts'

export type InboxMail = {
  mailFrom: string
  rcptTo: readonly string[]
  subject: string
  headerFrom: string
  messageId: string
  raw: Uint8Array
}
export type Inbox = { port: number; close(): Promise<void> }

const LARGEST_BYTES = 25 * 1024 * 1024
const STORED_AT_ONCE = 50

/** @param options.store  writes the mails durably; when it rejects, the sender is told 451 and keeps its mail */
export async function startInbox(options: {
  store(mails: readonly InboxMail[]): Promise<unknown>
  port?: number
}): Promise<Inbox> {
  const stored = createBatcher<InboxMail, true>(async (mails) => {
    await options.store(mails)
    return mails.map(() => true)
  }, STORED_AT_ONCE)
  const server = new SMTPServer({
    name: 'perennial.localhost',
    banner: 'Perennial embedded inbox',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_BYTES,
    logger: false,
    onData(stream, session, answer) {
      const { mailFrom, rcptTo } = session.envelope
      const from = mailFrom === false ? '' : mailFrom.address
      receive(
        stream,
        from,
        rcptTo.map(({ address }) => address),
      )
        .then((mail) => stored.add(mail))
        .then(
          () => answer(null, '2.0.0 Kept in the embedded inbox'),
          (error: unknown) => answer(refusal(error)),
        )
    },
  })
  // Without this each reply waits for the peer's delayed acknowledgement: 21 instead of hundreds of mails a second.
  server.server.on('connection', (socket) => socket.setNoDelay(true))
  server.on('error', () => undefined) // a broken connection of a client; listening is awaited below
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve())
  })
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new RangeError('the embedded inbox has no port')
  return {
    port: address.port,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await stored.idle()
    },
  }
}

class TooLarge extends Error {}

async function receive(stream: SMTPServerDataStream, mailFrom: string, rcptTo: string[]): Promise<InboxMail> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(Buffer.from(chunk))
  if (stream.sizeExceeded) throw new TooLarge(`larger than ${LARGEST_BYTES} bytes`)
  const raw = Buffer.concat(chunks)
  return { mailFrom, rcptTo, raw, ...shownHeaders(raw) }
}

/** What the list of the inbox shows; the first of each field, decoded. */
export function shownHeaders(raw: Buffer): { subject: string; headerFrom: string; messageId: string } {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.subarray(0, end < 0 ? raw.length : end).toString('utf8')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const value = (name: string): string => {
    const line = lines.find((other) => other.toLowerCase().startsWith(`${name}:`)) ?? ''
    return line.slice(name.length + 1).trim()
  }
  // NUL, also an encoded one, is no text to PostgreSQL.
  const storable = (text: string) => text.replaceAll('\0', '\ufffd')
  return {
    subject: storable(decodeWords(value('subject'))),
    headerFrom: storable(decodeWords(value('from'))),
    messageId: storable(value('message-id').replace(/^<|>$/g, '')),
  }
}

function refusal(error: unknown): Error & { responseCode: number } {
  const isTooLarge = error instanceof TooLarge
  const message = isTooLarge ? `5.3.4 ${error.message}` : '4.3.0 The mail could not be stored; try again'
  return Object.assign(new Error(message), { responseCode: isTooLarge ? 552 : 451 })
}
