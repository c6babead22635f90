/**
 * Who fetched a link or a picture of a mail: a person, or a scanner, a prefetcher, a privacy proxy. Decided from what is stored and nothing
 * else, so that the same hits always give the same answer. Nobody is blocked: what a machine fetched is kept, marked, and fires nothing.
 *
 * One hit alone often cannot tell: a scanner with a browser's name looks like a reader until it has fetched the second link. So a hit that
 * looks human is held for a moment before it fires anything. What that costs: 10 seconds for each click and open, and in the first ten
 * minutes after the mail has left two minutes after the last fetch (the time in which gateways walk through all links of a mail). Nothing is held for
 * mail that stays in the embedded inbox.
 */
import { type Instant, MINUTE_MS, SECOND_MS } from '../time/instant.ts'

/** Nobody reads a mail and clicks within three seconds of our server handing it on; gateways do. */
export const PREFETCH_MS = 3 * SECOND_MS
/** Gateways look at a new mail within this time. */
export const EARLY_MS = 10 * MINUTE_MS
const EARLY_HOLD_MS = 2 * MINUTE_MS
const HOLD_MS = 10 * SECOND_MS
/** As many mails opened up from one address within five seconds are no person, and hardly an office. */
export const MANY_MAILS = 20
export const MANY_MAILS_WITHIN_MS = 5 * SECOND_MS
/** Several links of one mail within this time are more than a person follows. */
const BURST_MS = 10 * SECOND_MS
const BURST_LINKS = 3
const TWO_AT_ONCE_MS = SECOND_MS

export type MachineReason =
  | 'hidden-link'
  | 'no-agent'
  | 'privacy-proxy'
  | 'scanner'
  | 'prefetch'
  | 'too-soon'
  | 'many-mails'
  | 'all-links'
  | 'burst'
/** Why it was taken for a person: through a cache that fetches when somebody looks, or for want of any sign of a machine. */
export type PersonReason = 'image-proxy' | 'no-sign'

export type Look = {
  kind: 'opened' | 'clicked' | 'seen'
  at: Instant
  /** When the mail was handed on; null: not known to have left. */
  sentAt: Instant | null
  userAgent: string | null
  /** Purpose or Sec-Purpose said prefetch. */
  isPrefetch: boolean
}

/** Link scanners and prefetchers that say who they are. */
const SCANNERS =
  /bot\b|crawl|spider|scan|barracuda|proofpoint|mimecast|safelinks|trendmicro|symantec|messagelabs|fireeye|cloudmark|slurp|preview|prefetch|headless|python-requests|python-urllib|go-http-client|curl\/|wget\/|libwww|java\/|okhttp|axios|node-fetch|undici/i
const IMAGE_PROXY = /GoogleImageProxy|YahooMailProxy/i

/** What one hit says of itself; null: nothing. GoogleImageProxy fetches when a person opens: a real open through a cache. */
export function machineSign({ kind, at, sentAt, userAgent, isPrefetch }: Look): MachineReason | null {
  const agent = userAgent?.trim() ?? ''
  if (IMAGE_PROXY.test(agent)) return kind === 'opened' ? null : 'privacy-proxy'
  if (agent === '') return 'no-agent'
  // Apple's mail proxy shows only this, and fetches everything once it has arrived.
  if (agent === 'Mozilla/5.0') return 'privacy-proxy'
  if (SCANNERS.test(agent)) return 'scanner'
  if (isPrefetch) return 'prefetch'
  return sentAt !== null && at - sentAt < PREFETCH_MS ? 'too-soon' : null
}

export const personReason = (userAgent: string | null): PersonReason =>
  IMAGE_PROXY.test(userAgent ?? '') ? 'image-proxy' : 'no-sign'

const isEarly = (at: Instant, sentAt: Instant | null): boolean => sentAt !== null && at - sentAt < EARLY_MS

/** How long a hit that looks human is held, in ms. */
export const holdMs = (at: Instant, sentAt: Instant | null): number => (isEarly(at, sentAt) ? EARLY_HOLD_MS : HOLD_MS)

/** @property target  the link's number, `u` for the preference page, `h` for the link nobody sees, `o` for the picture */
export type Fetched = { target: string; at: Instant }

/** The fetches of one mail that hang together with the newest: no gap between them longer than a hit is held. Newest first. */
export function chainOf<Row extends Fetched>(fetched: readonly Row[], sentAt: Instant | null): Row[] {
  const sorted = [...fetched].sort((a, b) => b.at - a.at)
  const chain: Row[] = []
  for (const one of sorted) {
    const last = chain.at(-1)
    if (last !== undefined && last.at - one.at > holdMs(one.at, sentAt)) break
    chain.push(one)
  }
  return chain
}

/**
 * What the fetches of one mail say together; null: nothing against a person.
 *
 * @param targets  how many there are to fetch: the links of the mail, and its preference page where it has one
 */
export function machineChain(
  chain: readonly Fetched[],
  { sentAt, targets }: { sentAt: Instant | null; targets: number },
): MachineReason | null {
  if (chain.some(({ target }) => target === 'h')) return 'hidden-link'
  const [newest] = chain
  const fetched = distinct(chain)
  if (newest === undefined || fetched < 2) return null
  const within = (ms: number) => distinct(chain.filter(({ at }) => newest.at - at <= ms))
  if (within(TWO_AT_ONCE_MS) >= 2 || within(BURST_MS) >= BURST_LINKS) return 'burst'
  const first = chain.at(-1)
  if (first === undefined || !isEarly(first.at, sentAt)) return null
  if (fetched >= targets) return 'all-links'
  // Links that Liquid left out of this mail are never fetched: most of a new mail's links, one after the other, are enough.
  return fetched >= Math.max(BURST_LINKS, Math.ceil(targets / 2)) ? 'burst' : null
}

const distinct = (chain: readonly Fetched[]): number =>
  new Set(chain.map(({ target }) => target).filter((target) => target !== 'o')).size
