/** Was it a person? Scanners and proxies fetch what nobody looked at; such hits are stored and marked, never blocked. */
import type { Instant } from '../../shared/time/instant.ts'

/** Nobody reads a mail and clicks within three seconds of our server handing it on; gateways do. */
export const PREFETCH_MS = 3_000

/** Link scanners and prefetchers that say who they are. */
const SCANNERS =
  /bot\b|crawl|spider|scan|barracuda|proofpoint|mimecast|safelinks|trendmicro|symantec|messagelabs|fireeye|cloudmark|slurp|preview|prefetch|headless|python-requests|python-urllib|go-http-client|curl\/|wget\/|libwww|java\/|okhttp|axios|node-fetch|undici/i

export type Hit = {
  kind: 'opened' | 'clicked'
  at: Instant
  /** When the mail was handed on; null: not known to have left. */
  sentAt: Instant | null
  userAgent: string | null
}

/** GoogleImageProxy fetches when a person opens: a real open through a cache. */
export function isMachine({ kind, at, sentAt, userAgent }: Hit): boolean {
  const agent = userAgent?.trim() ?? ''
  if (/GoogleImageProxy|YahooMailProxy/i.test(agent)) return kind === 'clicked'
  // Apple's mail proxy shows only this, and fetches everything once it has arrived.
  if (agent === '' || agent === 'Mozilla/5.0') return true
  if (SCANNERS.test(agent)) return true
  return sentAt !== null && at - sentAt < PREFETCH_MS
}
