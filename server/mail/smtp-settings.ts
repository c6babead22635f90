/** How a lane connects, and how long each phase may take. */
import type { Security } from '../../shared/message/smtp-url.ts'
import { MINUTE_MS } from '../../shared/time/instant.ts'

export type SmtpTimeouts = {
  /** Connecting and the greeting. */
  greetingMs: number
  mailMs: number
  rcptMs: number
  /** From DATA to 354. */
  dataMs: number
  /** For the body to leave. */
  blockMs: number
  /** From the final dot to its reply. */
  dotMs: number
}

/** RFC 5321 4.5.3.2. */
export const RFC_TIMEOUTS: SmtpTimeouts = {
  greetingMs: 5 * MINUTE_MS,
  mailMs: 5 * MINUTE_MS,
  rcptMs: 5 * MINUTE_MS,
  dataMs: 2 * MINUTE_MS,
  blockMs: 3 * MINUTE_MS,
  dotMs: 10 * MINUTE_MS,
}

export type LaneSettings = {
  host: string
  port: number
  security: Security
  username: string
  password: string | null
  /** For EHLO; the machine's name by default. */
  clientName?: string | undefined
  timeouts?: Partial<SmtpTimeouts> | undefined
  /** Certificates trusted instead of the system's (tests). */
  trusted?: string | undefined
}
