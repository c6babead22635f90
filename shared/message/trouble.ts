/** What is wrong between a sending account and its server, by a name that the screens put into words. */

export const TROUBLE_CODES = [
  // The account is paused: only a person, or a server that was put right, can help.
  'auth-refused',
  'auth-unavailable',
  'encryption-needed',
  'tls-missing',
  'tls-expired',
  'tls-not-yet-valid',
  'tls-name',
  'tls-self-signed',
  'tls-untrusted',
  'tls-version',
  'tls-failed',
  // The server is out of reach; the mail waits.
  'unknown-host',
  'no-connection',
  'silent',
  'dropped',
  'busy',
  'turned-away',
  'not-smtp',
] as const
export type TroubleCode = (typeof TROUBLE_CODES)[number]

export const isTroubleCode = (text: string | null): text is TroubleCode => TROUBLE_CODES.some((code) => code === text)

/** OpenSSL's and Node's names for what is wrong with a certificate or a handshake. */
const TLS_CODES: Readonly<Record<string, TroubleCode>> = {
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-untrusted',
  CERT_UNTRUSTED: 'tls-untrusted',
  CERT_REVOKED: 'tls-untrusted',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-version',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls-version',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-failed',
}

/** Of a failed handshake; a code nobody listed is still a failed handshake. */
export const tlsTroubleOf = (code: string): TroubleCode => TLS_CODES[code] ?? 'tls-failed'

/** Of a connection that could not be made or broke, by the system's error code. */
export function lossTroubleOf(code: string): TroubleCode | null {
  if (/^(ENOTFOUND|EAI_\w+|EDNS)$/.test(code)) return 'unknown-host'
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|EACCES)$/.test(code)) return 'no-connection'
  if (code === 'ETIMEDOUT') return 'silent'
  if (code === 'EPROTOCOL') return 'not-smtp'
  if (/^(ECONNRESET|EPIPE|ECONNECTION|ESOCKET)$/.test(code)) return 'dropped'
  return null
}
