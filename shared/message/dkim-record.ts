/** The DNS record of a DKIM key (RFC 6376 3.6.1): what to publish, and whether what was found is it. */

export const DKIM_ALGORITHMS = ['rsa-sha256', 'ed25519-sha256'] as const
export type DkimAlgorithm = (typeof DKIM_ALGORITHMS)[number]
export const asDkimAlgorithm = (text: string): DkimAlgorithm =>
  text === 'ed25519-sha256' ? 'ed25519-sha256' : 'rsa-sha256'
export type DkimRecord = {
  type: 'TXT'
  name: string
  value: string
  /** The value in strings of at most 255 octets, as a TXT record stores it (RFC 1035 3.3). */
  chunks: string[]
}

const LONGEST_STRING = 255

/** @param publicKey  base64, as `p=` has it */
export function dkimRecord(key: {
  domain: string
  selector: string
  algorithm: DkimAlgorithm
  publicKey: string
}): DkimRecord {
  const value = `v=DKIM1; k=${key.algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519'}; p=${key.publicKey}`
  const chunks: string[] = []
  for (let from = 0; from < value.length; from += LONGEST_STRING) chunks.push(value.slice(from, from + LONGEST_STRING))
  return { type: 'TXT', name: `${key.selector}._domainkey.${key.domain}`, value, chunks }
}

/**
 * `seen`: the right record is there. `missing`: no record. `other-key`: a DKIM record with another key. `no-dkim`: text, but no DKIM
 * record. `revoked`: `p=` is empty. `several`: more than one, so verifiers may take any. `unanswered`: the name servers did not say.
 */
export const DNS_CHECK_STATUSES = [
  'seen',
  'missing',
  'other-key',
  'no-dkim',
  'revoked',
  'several',
  'unanswered',
] as const
export type DnsCheckStatus = (typeof DNS_CHECK_STATUSES)[number]

/** @param found  each TXT record at the name, its strings joined */
export function compareRecord(expected: { publicKey: string }, found: readonly string[]): DnsCheckStatus {
  if (found.length === 0) return 'missing'
  const records = found.map(tagsOf).filter((tags) => tags?.has('p') === true)
  const [first] = records
  if (first === undefined || first === null) return 'no-dkim'
  if (records.length > 1) return 'several'
  const key = (first.get('p') ?? '').replace(/\s/g, '')
  if (key === '') return 'revoked'
  return key === expected.publicKey ? 'seen' : 'other-key'
}

/** Tag list of RFC 6376 3.2; null when it is none, or of another version. */
export function tagsOf(text: string): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>()
  for (const part of text.split(';')) {
    const at = part.indexOf('=')
    if (part.trim() === '') continue
    if (at < 1) return null
    tags.set(part.slice(0, at).trim(), part.slice(at + 1).trim())
  }
  const version = tags.get('v')
  return version === undefined || version === 'DKIM1' ? tags : null
}
