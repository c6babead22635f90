/** Secrets at rest: `v1:keyId:iv:tag:data`, AES-256-GCM under HKDF(SECRET_KEY, purpose). The first key seals, all keys open. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

export type Sealer = {
  seal(plain: string): string
  /** The plain text, or null when none of our keys made it or it was changed. */
  open(sealed: string): string | null
}

export const ACCOUNT_PURPOSE = 'sending-account'
export const DKIM_PURPOSE = 'dkim-key'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * @param random  `count` random bytes; given in tests
 * @throws RangeError without a key
 */
export function sealer(
  secretKeys: readonly string[],
  purpose: string,
  random: (count: number) => Uint8Array = randomBytes,
): Sealer {
  const keys = secretKeys.map((secret) => ({
    id: createHash('sha256').update(`key-id:${secret}`).digest('hex').slice(0, 8),
    bytes: Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)),
  }))
  const [first] = keys
  if (first === undefined) throw new RangeError('sealer needs at least one key')
  return {
    seal(plain) {
      const iv = random(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', first.bytes, iv)
      const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return ['v1', first.id, base64(iv), base64(cipher.getAuthTag()), base64(data)].join(':')
    },
    open(sealed) {
      const [version, keyId, iv, tag, data] = sealed.split(':')
      const key = keys.find(({ id }) => id === keyId)
      if (version !== 'v1' || key === undefined || iv === undefined || tag === undefined || data === undefined)
        return null
      const tagBytes = Buffer.from(tag, 'base64url')
      if (tagBytes.length !== TAG_BYTES) return null
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'))
        decipher.setAuthTag(tagBytes)
        return Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]).toString('utf8')
      } catch {
        return null // the tag does not fit: changed, or sealed under another key of the same id
      }
    },
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
