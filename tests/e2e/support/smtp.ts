/** An SMTP server of somebody else's, with a password, in the test's own process. */
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export type ReceivedMail = {
  to: string[]
  from: string
  subject: string
  html: string
  text: string
  headers: Record<string, string>
}

export const USERNAME = 'perennial'
export const PASSWORD = 'let me send'

export async function startSmtp() {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth({ username, password }, _session, done) {
      if (username === USERNAME && password === PASSWORD) return done(null, { user: username })
      return done(Object.assign(new Error('Authentication credentials invalid'), { responseCode: 535 }))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { rcptTo, mailFrom } = session.envelope
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          mails.push({
            to: rcptTo.map(({ address }) => address),
            from: mailFrom === false ? '' : mailFrom.address,
            subject: mail.subject ?? '',
            html: mail.html ?? '',
            text: mail.text ?? '',
            headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
          })
          done()
        }, done)
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new RangeError('no port in the address')
  return {
    port: address.port,
    mails,
    /** The first mail to this address whose subject contains these words, so far. */
    find: (to: string, words: string) => mails.find((mail) => mail.to.includes(to) && mail.subject.includes(words)),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
