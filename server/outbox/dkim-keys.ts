/** Which key signs a mail, by its From address. Read again every few seconds, so that what is switched on in settings soon signs. */
import type { Kysely } from 'kysely'
import { asDkimAlgorithm } from '../../shared/message/dkim-record.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Database } from '../db/schema.ts'
import { createDkimSigner, type DkimSigner } from '../mail/dkim.ts'

export type DkimKeys = {
  /** null: mail from this address goes out unsigned. */
  signerFor(fromAddress: string): Promise<DkimSigner | null>
}
export type DkimKeysOptions = {
  sql: Kysely<Database>
  /** Opens what is sealed for `DKIM_PURPOSE`. */
  openKey(sealed: string): string | null
  now(): Instant
  log: { error(details: object, message: string): void }
}

const READ_AGAIN_MS = 2_000

export function dkimKeys({ sql, openKey, now, log }: DkimKeysOptions): DkimKeys {
  let signers: ReadonlyMap<string, DkimSigner> = new Map()
  /** What the signers were made of: they are kept while nothing changed. */
  let made = ''
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null

  async function read(): Promise<void> {
    const rows = await sql
      .selectFrom('sending_domain')
      .select(['id', 'domain', 'selector', 'algorithm', 'private_key_sealed'])
      .where('is_signing', '=', 1)
      .orderBy('id')
      .execute()
    readAt = now()
    const source = JSON.stringify(rows)
    if (source === made) return
    made = source
    const next = new Map<string, DkimSigner>()
    for (const row of rows) {
      const privateKeyPem = openKey(row.private_key_sealed)
      const { domain, selector } = row
      if (privateKeyPem === null) {
        log.error({ domain, selector }, 'the DKIM key cannot be opened with this SECRET_KEY; mail goes out unsigned')
        continue
      }
      next.set(domain, createDkimSigner({ domain, selector, algorithm: asDkimAlgorithm(row.algorithm), privateKeyPem }))
    }
    signers = next
  }

  return {
    async signerFor(fromAddress) {
      if (now() - readAt >= READ_AGAIN_MS) {
        reading ??= read().finally(() => {
          reading = null
        })
        await reading
      }
      if (signers.size === 0) return null
      const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1).toLowerCase()
      // A key of the domain itself, or of the one above it: DMARC aligns both (RFC 7489 3.1.1).
      for (let name = domain; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
        const found = signers.get(name)
        if (found !== undefined) return found
      }
      return null
    },
  }
}
