/** Addresses on the wire: A-labels for domains, and a judgement whether SMTPUTF8 is needed. */
import { domainToASCII } from 'node:url'

export type WireAddress = { address: string; needsSmtpUtf8: boolean }

/** The address as SMTP takes it, or null when it cannot be one (RFC 5321 4.5.3.1: 64 octets before the @, 254 in all). */
export function wireAddress(address: string): WireAddress | null {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at).normalize('NFC')
  const domain = domainOnWire(address.slice(at + 1))
  if (at < 1 || domain === null) return null
  const isQuoted = /^"(?:[^"\\]|\\[\x20-\x7e])*"$/.test(local)
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(local) || (!isQuoted && /[\s<>()[\]:;,@\\"]/.test(local))) return null
  if (/[<>]/.test(local)) return null
  const wire = `${local}@${domain}`
  if (Buffer.byteLength(local) > 64 || Buffer.byteLength(wire) > 254) return null
  return { address: wire, needsSmtpUtf8: /[^\x20-\x7e]/.test(local) }
}

function domainOnWire(domain: string): string | null {
  if (/^\[[\dA-Fa-f.:]+\]$/.test(domain) || /^\[IPv6:[\dA-Fa-f.:]+\]$/i.test(domain)) return domain
  if (!/^[^\s<>()[\]:;,@\\"/?#%]+$/.test(domain)) return null
  const ascii = domainToASCII(domain)
  return ascii === '' || ascii.length > 255 || !/^[a-z0-9.-]+$/i.test(ascii) ? null : ascii
}
