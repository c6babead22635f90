/** Secrets at rest: AES-256-GCM under HKDF(SECRET_KEY, purpose), written as `v1:keyId:iv:tag:data`. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

export type Sealer = {
  seal(text: string): string
  /** @throws RangeError when no key of ours opens it */
  open(sealed: string): string
}

/** The first of `keys` seals, all open. */
export function sealer(keys: readonly string[], purpose = 'sealed-secret'): Sealer {
  const derived = keys.map((key) => ({
    id: createHash('sha256').update(`${purpose}:${key}`).digest('base64url').slice(0, 8),
    key: Buffer.from(hkdfSync('sha256', key, '', `perennial/${purpose}`, 32)),
  }))
  const first = derived[0]
  if (first === undefined) throw new RangeError('a sealer needs at least one key')
  return {
    seal(text) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', first.key, iv)
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return ['v1', first.id, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'))].join(':')
    },
    open(sealed) {
      const [version, id, iv, tag, data] = sealed.split(':')
      const key = derived.find((candidate) => candidate.id === id)?.key
      if (version !== 'v1' || key === undefined || iv === undefined || tag === undefined || data === undefined)
        throw new RangeError(
          'A saved password cannot be opened with the present SECRET_KEY. Add the former key to the list, or save the password again.',
        )
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
      decipher.setAuthTag(Buffer.from(tag, 'base64url'))
      return Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]).toString('utf8')
    },
  }
}
