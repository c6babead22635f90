/**
 * Email addresses: RFC 5321 limits, RFC 5322 dot-atoms and quoted local parts, RFC 6531 letters of any script, IDN domains.
 * Not accepted, though some standard allows it: display names, comments, bracketed IP addresses, domains without a dot.
 */
export type AddressProblem = 'empty' | 'no-at' | 'display-name' | 'bad-local-part' | 'bad-domain' | 'too-long'
export type ParsedAddress =
  | {
      ok: true
      /** As given, in normal form: NFC, needless quotes taken off, domain in small letters and its own script. */
      address: string
      /** For identity: case-folded, domain as A-labels. */
      folded: string
      /** A-labels (`xn--…`), small letters. */
      domain: string
      /** What goes on the envelope: local part with the A-label domain. */
      envelope: string
      /** The local part needs a server that offers SMTPUTF8. */
      needsSmtpUtf8: boolean
    }
  | { ok: false; code: AddressProblem; message: string }

/** RFC 5321 4.5.3.1: octets. 254 is the longest path of 256 without its angle brackets. */
const MAX_LOCAL_BYTES = 64
const MAX_ADDRESS_BYTES = 254
const MAX_DOMAIN_BYTES = 253
const MAX_LABEL_BYTES = 63

/** Atext of RFC 5322, and of RFC 6531 letters, marks, numbers, punctuation and symbols beyond ASCII. */
const ATOM =
  /^(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]|[^\P{L}\p{ASCII}]|[^\P{M}\p{ASCII}]|[^\P{N}\p{ASCII}]|[^\P{P}\p{ASCII}]|[^\P{S}\p{ASCII}])+$/u
/** Nothing that ends a line, hides or has no meaning may stand in quotes either. */
const UNQUOTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u

/** Nearly all addresses: ASCII atoms, a domain without A-labels. What does not fit goes the long way, which knows why. */
const COMMON =
  /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,63}$/

/** Read one address; spaces around it are let go. */
export function parseAddress(text: string): ParsedAddress {
  return commonAddress(text) ?? anyAddress(text)
}

/** The same answer in a tenth of the time (an import reads 20,000 a second), or null: not one of these. */
function commonAddress(text: string): ParsedAddress | null {
  // Labels are at most 63 octets; so short a domain cannot hold a longer one.
  const at = text.lastIndexOf('@')
  if (text.length > MAX_LABEL_BYTES * 2 || at > MAX_LOCAL_BYTES || text.length - at > MAX_LABEL_BYTES) return null
  if (!COMMON.test(text)) return null
  const domain = text.slice(at + 1).toLowerCase()
  const address = `${text.slice(0, at)}@${domain}`
  return { ok: true, address, folded: address.toLowerCase(), domain, envelope: address, needsSmtpUtf8: false }
}

function anyAddress(text: string): ParsedAddress {
  const trimmed = text.replace(/^ +| +$/g, '')
  if (trimmed === '') return refuse('empty', text, 'an address such as "name@example.com"')
  if (trimmed.length > 1_000) return refuse('too-long', trimmed, `at most ${MAX_ADDRESS_BYTES} octets`)
  if (/[<>]/.test(trimmed.replace(/"(?:[^"\\]|\\.)*"/g, ''))) {
    return refuse('display-name', trimmed, 'the address alone, without a name or angle brackets')
  }
  const at = trimmed.lastIndexOf('@')
  if (at < 0) return refuse('no-at', trimmed, 'an "@" between name and domain')
  const local = localPart(trimmed.slice(0, at))
  if (local === null)
    return refuse('bad-local-part', trimmed, 'letters, digits and .!#$%&\'*+-/=?^_`{|}~ before the "@"')
  const domain = domainOf(trimmed.slice(at + 1))
  if (domain === null) return refuse('bad-domain', trimmed, 'a domain such as "example.com" after the "@"')
  const envelope = `${local}@${domain.ascii}`
  const address = `${local}@${domain.shown}`
  if (bytes(local) > MAX_LOCAL_BYTES || Math.max(bytes(envelope), bytes(address), bytes(trimmed)) > MAX_ADDRESS_BYTES) {
    return refuse(
      'too-long',
      trimmed,
      `at most ${MAX_LOCAL_BYTES} octets before the "@" and ${MAX_ADDRESS_BYTES} in all`,
    )
  }
  return {
    ok: true,
    address,
    folded: caseFold(envelope),
    domain: domain.ascii,
    envelope,
    needsSmtpUtf8: !isAscii(local),
  }
}

/** The identity of an address written in any way; what is no address is only case-folded. */
export function foldAddress(address: string): string {
  const parsed = parseAddress(address)
  return parsed.ok ? parsed.folded : caseFold(address)
}

/** Providers do not tell `Ann@` from `ann@`, so neither do we. */
const caseFold = (text: string): string => text.normalize('NFC').toLowerCase()

/** The local part in normal form, or null. */
function localPart(given: string): string | null {
  const isQuoted = given.length > 2 && given.startsWith('"') && given.endsWith('"')
  if (!isQuoted) return isDotAtom(given) && isDotAtom(given.normalize('NFC')) ? given.normalize('NFC') : null
  const inside = given.slice(1, -1)
  if (!/^(?:[^"\\]|\\[\x20-\x7e])*$/u.test(inside) || UNQUOTABLE.test(inside)) return null
  const plain = inside.replace(/\\(.)/gu, '$1').normalize('NFC')
  if (plain === '' || UNQUOTABLE.test(plain)) return null
  return isDotAtom(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`
}

const isDotAtom = (text: string): boolean => text.split('.').every((atom) => ATOM.test(atom))

/** The domain as A-labels and as people write it, or null. */
function domainOf(given: string): { ascii: string; shown: string } | null {
  const dotted = given.normalize('NFC').replace(/[．。｡]/g, '.')
  if (isAscii(dotted) && !/(^|\.)xn--/i.test(dotted)) {
    const lower = dotted.toLowerCase()
    return isHostName(lower) ? { ascii: lower, shown: lower } : null
  }
  // Only letters, marks, digits, hyphens and dots go to the URL parser: it would read ports, paths and users as well.
  if (!/^[\p{L}\p{M}\p{N}.\-－\u00b7\u0375\u05f3\u05f4\u30fb\u200c\u200d]+$/u.test(dotted)) return null
  const ascii = toALabels(dotted)
  if (ascii === null || !isHostName(ascii)) return null
  return { ascii, shown: isAscii(dotted) ? ascii : dotted.normalize('NFKC').toLowerCase() }
}

/** UTS 46 by the URL parser that both runtimes carry. */
function toALabels(domain: string): string | null {
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : null
}

/** Two labels or more of letters, digits and inner hyphens; the last has no digits unless it is an A-label. */
function isHostName(ascii: string): boolean {
  if (ascii.length > MAX_DOMAIN_BYTES) return false
  const labels = ascii.split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length < 2 || !/^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(last)) return false
  return labels.every(
    (label) =>
      label.length <= MAX_LABEL_BYTES &&
      /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label) &&
      // Two letters and two hyphens are reserved (RFC 5891 4.2.3.1), A-labels excepted.
      (label.slice(2, 4) !== '--' || label.startsWith('xn--')),
  )
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the range of ASCII is meant
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)
const bytes = (text: string): number => new TextEncoder().encode(text).length

function refuse(code: AddressProblem, found: string, expected: string): ParsedAddress {
  const shown = found.length > 80 ? `${found.slice(0, 80)}…` : found
  return {
    ok: false,
    code,
    message: `${JSON.stringify(shown)} is not an email address we can use; expected ${expected}.`,
  }
}
