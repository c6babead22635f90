/** The log: JSON lines on stderr, each with the request it belongs to, and without what nobody may learn from a log. */
import pino, { type DestinationStream, type Logger } from 'pino'

export type LogOptions = {
  level: string
  /** Values that must never be written, such as the API key of the environment. */
  secrets: readonly string[]
  /** Added to every line. */
  fields(): object
}

const STDERR = 2
const HIDDEN = '[hidden]'
/** Shorter ones would blank out words. */
const SHORTEST_SECRET = 8
/** Keys whose values are left out wherever an object is logged, two levels deep. */
const SENSITIVE = ['authorization', 'cookie', 'set-cookie', 'password', 'key', 'token', 'secret', 'privateKeyPem']
/** Our own tokens by their form: API keys, signed links, the session cookie. */
const TOKENS = /pk_[\w-]{20,}|(?<=\/(?:t\/[co]|u)\/)[\w-]{2,24}\.[\w-]{22}|(?<=perennial_session=)[\w-]+/g

/** @param stream  where the lines go; stderr unless a test reads them */
export function createLog(
  { level, secrets, fields }: LogOptions,
  stream: DestinationStream = pino.destination(STDERR),
): Logger {
  const hide = hiding(secrets)
  const options: pino.LoggerOptions = {
    level,
    base: null,
    mixin: fields,
    redact: { paths: SENSITIVE.flatMap((key) => [`["${key}"]`, `*["${key}"]`]), censor: HIDDEN },
    serializers: { err: plainError },
    hooks: { streamWrite: hide },
  }
  return pino(options, stream)
}

/** Messages and stacks are for whoever mends it; what else hangs on an error (rows, requests, replies) is data of somebody. */
function plainError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error).slice(0, 2_000) }
  const { name, message, stack, cause } = error
  return {
    type: name,
    message,
    stack,
    ...('code' in error ? { code: String(error.code) } : {}),
    ...(cause === undefined ? {} : { cause: plainError(cause) }),
  }
}

/** What a driver or a server says may repeat what it was given: known values and tokens are taken out of the finished line. */
function hiding(secrets: readonly string[]): (line: string) => string {
  const known = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET))].map((secret) =>
    // As it stands inside a JSON text.
    JSON.stringify(secret).slice(1, -1),
  )
  return (line) => known.reduce((text, secret) => text.replaceAll(secret, HIDDEN), line).replace(TOKENS, HIDDEN)
}
