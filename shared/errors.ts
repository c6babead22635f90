/**
 * Errors of a caller who asked for something impossible. They cross threads by `name` and become problem+json in one place
 * (server/app.ts). Expected outcomes are values, never these.
 */
export class RequestError extends Error {
  override readonly name: string
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>
  constructor(name: string, status: number, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = name
    this.status = status
    this.details = details
  }
}

export const notFound = (what: string, id: string | number) =>
  new RequestError('not-found', 404, `There is no ${what} ${JSON.stringify(String(id))}.`)
export const conflict = (message: string, details?: Record<string, unknown>) =>
  new RequestError('conflict', 409, message, details)
export const badRequest = (message: string, details?: Record<string, unknown>) =>
  new RequestError('bad-request', 400, message, details)
export const unprocessable = (name: string, message: string, details?: Record<string, unknown>) =>
  new RequestError(name, 422, message, details)
/** Someone saved in between: `details.revision` is the current one. */
export const staleDraft = (expected: number, revision: number) =>
  new RequestError(
    'stale-draft',
    412,
    `The draft is at revision ${revision}, not ${expected}: someone saved in between.`,
    {
      revision,
    },
  )
