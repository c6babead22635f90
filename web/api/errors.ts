/** What can go wrong between this page and the server, as two classes the screens tell apart. */
import type { ProblemDetails } from '../../shared/api/common.ts'

/** The server answered, and the answer was no. `details` is its problem+json; null when something else came back. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly details: ProblemDetails | null
  /** From Retry-After, where the server sent one. */
  readonly retryAfterSeconds: number | null

  constructor(status: number, details: ProblemDetails | null, retryAfterSeconds: number | null) {
    super(details?.detail ?? details?.title ?? `HTTP ${status}`)
    this.status = status
    this.details = details
    this.retryAfterSeconds = retryAfterSeconds
  }

  /** The last part of the stable `type`, e.g. `no-sender`. Empty when there is none. */
  get code(): string {
    return this.details?.type.split(/[/#:]/).at(-1) ?? ''
  }
}

/** Nothing came back: the server is down or the line is. What was asked for may or may not have happened. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}

/** The server answered 2xx with something else than the contract says. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
}
