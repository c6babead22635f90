/** What the settings need of DKIM: a new key, sealed, and the records that the DNS has for one. */
import { Resolver } from 'node:dns/promises'
import type { DkimAlgorithm } from '../../shared/message/dkim-record.ts'
import { makeDkimKey } from './dkim.ts'
import { DKIM_PURPOSE, sealer } from './secrets.ts'

export type DkimTools = {
  makeKey(algorithm: DkimAlgorithm): Promise<{ privateKeySealed: string; publicKey: string }>
  /** Whether one of our keys opens it. */
  canOpen(sealed: string): boolean
  /** Each TXT record at this name, its strings joined; null: the name servers gave no answer in time. */
  lookUpTxt(name: string): Promise<readonly string[] | null>
}
export type TxtResolver = { resolveTxt(name: string): Promise<string[][]> }

const DNS_TIMEOUT_MS = 3_000
const DNS_TRIES = 2
/** The DNS says for sure that nothing is there. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA'])

/** @param resolver  given in tests */
export function dkimTools(secretKeys: readonly string[], resolver: TxtResolver = systemResolver()): DkimTools {
  const seals = sealer(secretKeys, DKIM_PURPOSE)
  return {
    async makeKey(algorithm) {
      const { privateKeyPem, publicKey } = await makeDkimKey(algorithm)
      return { privateKeySealed: seals.seal(privateKeyPem), publicKey }
    },
    canOpen: (sealed) => seals.open(sealed) !== null,
    async lookUpTxt(name) {
      try {
        return (await resolver.resolveTxt(name)).map((strings) => strings.join(''))
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : ''
        // Anything else (a timeout, SERVFAIL) says nothing about the record: the answer is "no answer".
        return NOTHING.has(code) ? [] : null
      }
    },
  }
}

const systemResolver = (): TxtResolver => new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
