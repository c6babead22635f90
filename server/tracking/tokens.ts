/**
 * Signed links: `<payload>.<signature>`, where the payload is ids only (shared/message/tokens.ts) and the signature 16 bytes of
 * HMAC-SHA256 under a key of its own per purpose. They never expire: the law wants an opt-out that works for at least 30 days, and
 * people find old mail.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { decodePayload, encodePayload, type LinkPayload, type LinkSigner } from '../../shared/message/tokens.ts'

export type Payload = LinkPayload
/** @property verify  what a token carries, or null when it is not ours. The first key signs, all keys verify. */
export type Signer = LinkSigner & { verify(token: string): Payload | null }

const SIGNATURE_BYTES = 16
const SHAPE = /^[a-z0-9-]{2,24}\.[A-Za-z0-9_-]{22}$/

/** @throws RangeError without a key */
export function signer(keys: readonly string[]): Signer {
  const derived = keys.map((key) => keysFor(key))
  const [signing] = derived
  if (signing === undefined) throw new RangeError('signer needs at least one key')

  const tokenOf = (payload: Payload): string => {
    const text = encodePayload(payload)
    return `${text}.${signature(signing[payload.kind], text)}`
  }

  return {
    clickUrl: (publicUrl, link) => `${publicUrl}/t/c/${tokenOf({ kind: 'click', ...link })}`,
    openUrl: (publicUrl, link) => `${publicUrl}/t/o/${tokenOf({ kind: 'open', ...link })}`,
    unsubscribeUrl: (publicUrl, { contactId, messageId, isTest = false }) =>
      `${publicUrl}/u/${tokenOf({ kind: 'unsubscribe', contactId, messageId, isTest })}`,
    verify(token) {
      if (!SHAPE.test(token)) return null
      const dot = token.indexOf('.')
      const text = token.slice(0, dot)
      const payload = decodePayload(text)
      if (payload === null) return null
      const given = Buffer.from(token.slice(dot + 1))
      // Compared as text: base64url has spare bits in its last character, and a changed character must never pass.
      const known = derived.some((key) => timingSafeEqual(given, Buffer.from(signature(key[payload.kind], text))))
      return known ? payload : null
    },
  }
}

function keysFor(secret: string): Record<Payload['kind'], Buffer> {
  const of = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `link-${purpose}`, 32))
  return { click: of('click'), open: of('open'), unsubscribe: of('unsubscribe') }
}

function signature(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest().subarray(0, SIGNATURE_BYTES).toString('base64url')
}
