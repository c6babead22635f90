/** A DKIM verifier of its own, straight from RFC 6376 6.1: it shares no line with the signer. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'

export type Verified = { ok: boolean; bodyOk: boolean; tags: ReadonlyMap<string, string>; signed: readonly string[] }

/** An Ed25519 key is 32 bytes in the record; Node wants them in an SPKI. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex')

export function publicKeyOf(record: string): KeyObject {
  const tags = tagList(record)
  const bytes = Buffer.from(tags.get('p') ?? '', 'base64')
  const key = tags.get('k') === 'ed25519' ? Buffer.concat([ED25519_SPKI, bytes]) : bytes
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

/** @param index  which DKIM-Signature, from the top */
export function verifyDkim(raw: Buffer, record: string, index = 0): Verified {
  const text = raw.toString('latin1')
  const split = text.indexOf('\r\n\r\n')
  const fields = unfoldable(text.slice(0, split))
  const signatures = fields.filter((field) => /^dkim-signature\s*:/i.test(field))
  const signature = signatures[index]
  if (signature === undefined) throw new Error('no DKIM-Signature')
  const tags = tagList(signature.slice(signature.indexOf(':') + 1))
  const names = (tags.get('h') ?? '').split(':').map((name) => name.trim().toLowerCase())
  const left = [...fields]
  const lines: string[] = []
  for (const name of names) {
    const at = left.findLastIndex((field) => field.slice(0, field.indexOf(':')).trim().toLowerCase() === name)
    const [field] = at < 0 ? [] : left.splice(at, 1)
    if (field !== undefined) lines.push(`${canonicalField(field)}\r\n`)
  }
  const blank = signature.replace(/([;\s])b\s*=[^;]*/, '$1b=')
  const input = Buffer.from(lines.join('') + canonicalField(blank), 'latin1')
  const given = Buffer.from((tags.get('b') ?? '').replace(/\s/g, ''), 'base64')
  const key = publicKeyOf(record)
  const ok =
    tags.get('a') === 'ed25519-sha256'
      ? verify(null, createHash('sha256').update(input).digest(), key, given)
      : verify('sha256', input, key, given)
  const body = createHash('sha256')
    .update(canonicalBody(text.slice(split + 4)), 'latin1')
    .digest('base64')
  return { ok, bodyOk: body === (tags.get('bh') ?? '').replace(/\s/g, ''), tags, signed: names }
}

const unfoldable = (head: string): string[] => head.split(/\r\n(?=[^ \t])/)

function canonicalField(field: string): string {
  const colon = field.indexOf(':')
  const value = field
    .slice(colon + 1)
    .split('\r\n')
    .join('')
    .split(/[ \t]+/)
    .join(' ')
    .trim()
  return `${field.slice(0, colon).trim().toLowerCase()}:${value}`
}

function canonicalBody(body: string): string {
  const lines = body.split('\r\n').map((line) =>
    line
      .split(/[ \t]+/)
      .join(' ')
      .replace(/ $/, ''),
  )
  while (lines.length > 0 && lines.at(-1) === '') lines.pop()
  return lines.map((line) => `${line}\r\n`).join('')
}

function tagList(text: string): ReadonlyMap<string, string> {
  const parts = text.split(';').map((part) => part.trim())
  return new Map(
    parts
      .filter((part) => part !== '')
      .map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()]),
  )
}
