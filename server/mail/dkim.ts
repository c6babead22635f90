/** DKIM signatures (RFC 6376, relaxed/relaxed; Ed25519 as RFC 8463 has it), and the keys they are made with. */
import { createHash, createPrivateKey, generateKeyPair, sign as signBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { DkimAlgorithm } from '../../shared/message/dkim-record.ts'

export type DkimKey = { domain: string; selector: string; algorithm: DkimAlgorithm; privateKeyPem: string }
export type DkimSigner = {
  /** The DKIM-Signature field with its CRLF, to stand before the message. */
  sign(message: Buffer): Buffer
}

/** What is signed where it is present (RFC 6376 5.4.1, RFC 8058 4). */
const SIGNED_FIELDS = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-help',
  'list-subscribe',
  'list-post',
  'list-owner',
  'list-archive',
  'auto-submitted',
  'feedback-id',
])
/** Named once more than it is there: a second From, added on the way, breaks the signature. */
const OVERSIGNED = 'from'
const RSA_BITS = 2_048
const FOLD_AT = 76

/** @throws Error when the key is none, or of another kind than its algorithm */
export function createDkimSigner(key: DkimKey): DkimSigner {
  const privateKey = createPrivateKey(key.privateKeyPem)
  const isRsa = key.algorithm === 'rsa-sha256'
  const kind = privateKey.asymmetricKeyType
  if (kind !== (isRsa ? 'rsa' : 'ed25519')) throw new RangeError(`a key of ${kind} cannot sign ${key.algorithm}`)
  return {
    sign(message) {
      const { fields, body } = parts(message)
      const signed = fields.filter(({ name }) => SIGNED_FIELDS.has(name))
      const bodyHash = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64')
      const unsigned = folded([
        'v=1;',
        `a=${key.algorithm};`,
        'c=relaxed/relaxed;',
        `d=${key.domain};`,
        `s=${key.selector};`,
        ...namesOf(signed),
        `bh=${bodyHash};`,
        'b=',
      ])
      // From the bottom up where a field stands more than once (5.4.2); `h=` has them in that order.
      const input = `${signed.map(relaxedField).join('\r\n')}\r\ndkim-signature:${relaxedValue(unsigned)}`
      const bytes = Buffer.from(input, 'latin1')
      // RFC 8463 3: Ed25519 signs the SHA-256 of the input, RSA hashes by itself.
      const signature = isRsa
        ? signBytes('sha256', bytes, privateKey)
        : signBytes(null, createHash('sha256').update(bytes).digest(), privateKey)
      return Buffer.from(`DKIM-Signature:${unsigned}${lines(signature.toString('base64'))}\r\n`, 'latin1')
    },
  }
}

type Field = { name: string; value: string }

/** Fields from the last to the first, as a verifier takes them. */
function parts(message: Buffer): { fields: readonly Field[]; body: string } {
  const end = message.indexOf('\r\n\r\n')
  if (end < 0) throw new RangeError('a message without an empty line between header and body')
  const head = message.subarray(0, end).toString('latin1')
  const fields = head.split(/\r\n(?![ \t])/).map((line) => {
    const colon = line.indexOf(':')
    return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1) }
  })
  return { fields: fields.toReversed(), body: message.subarray(end + 4).toString('latin1') }
}

/** RFC 6376 3.4.2. */
const relaxedValue = (value: string): string =>
  value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
const relaxedField = ({ name, value }: Field): string => `${name}:${relaxedValue(value)}`

/** RFC 6376 3.4.4. One pass at a time, each linear: white space to one blank, none before a line's end, no empty lines at the end. */
function relaxedBody(body: string): string {
  const text = `${body}\r\n`.replace(/[ \t]+/g, ' ').replace(/ \r\n/g, '\r\n')
  let end = text.length
  while (end >= 2 && text.startsWith('\r\n', end - 2)) end -= 2
  return end === 0 ? '' : `${text.slice(0, end)}\r\n`
}

/** `h=`, in words that may be folded apart: colons belong to the word before them. */
function namesOf(signed: readonly Field[]): readonly string[] {
  const names = [...signed.map(({ name }) => name), OVERSIGNED]
  return names.map((name, i) => `${i === 0 ? 'h=' : ''}${name}${i === names.length - 1 ? ';' : ':'}`)
}

/** Words over as many lines as they need; what stands before the first is `DKIM-Signature:`. */
function folded(words: readonly string[]): string {
  let text = ''
  let column = 'DKIM-Signature:'.length
  for (const word of words) {
    const isNewLine = column + 1 + word.length > FOLD_AT
    text += isNewLine ? `\r\n ${word}` : ` ${word}`
    column = isNewLine ? 1 + word.length : column + 1 + word.length
  }
  return text
}

const lines = (base64: string): string => base64.replace(/.{1,72}/g, '\r\n $&')

/** A new key: the private one as PEM, the public one as `p=` wants it (RSA: the whole SPKI; Ed25519: its 32 bytes, RFC 8463 4). */
export async function makeDkimKey(algorithm: DkimAlgorithm): Promise<{ privateKeyPem: string; publicKey: string }> {
  const make = promisify(generateKeyPair)
  const { privateKey, publicKey } =
    algorithm === 'rsa-sha256' ? await make('rsa', { modulusLength: RSA_BITS }) : await make('ed25519', {})
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: (algorithm === 'rsa-sha256' ? spki : spki.subarray(-32)).toString('base64'),
  }
}
