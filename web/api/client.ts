/** The one way to the server: JSON in, checked JSON out, problem+json as ApiError. The session cookie travels by itself. */
import { z } from 'zod'
import { problemDetails } from '../../shared/api/common.ts'
import { AnswerError, ApiError, UnreachableError } from './errors.ts'

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>
export type CallOptions = {
  query?: Query
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, e.g. a file. Wins over `body`. */
  raw?: Blob
  contentType?: string
  /** The revision an edit was made on; becomes If-Match. */
  ifMatch?: number
  signal?: AbortSignal
}
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Answer<T> = { status: number; data: T }

export const nothing = z.unknown()

/** Call the server and return what its schema promises. @throws ApiError, UnreachableError, AnswerError */
export async function call<S extends z.ZodType>(
  schema: S,
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<z.output<S>> {
  return (await callWithStatus(schema, method, path, options)).data
}

/** As `call`, for routes whose status means something (201 created, 200 found). */
export async function callWithStatus<S extends z.ZodType>(
  schema: S,
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<Answer<z.output<S>>> {
  const response = await send(method, `/api/v1${path}${queryString(options.query)}`, options)
  if (!response.ok) throw await apiErrorOf(response)
  const parsed = schema.safeParse(await jsonOf(response))
  if (parsed.success) return { status: response.status, data: parsed.data }
  throw new AnswerError(`${method} ${path} answered something unexpected: ${z.prettifyError(parsed.error)}`)
}

/** Text of a route that does not answer JSON, e.g. the raw mail. */
export async function callText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await send('GET', `/api/v1${path}`, signal === undefined ? {} : { signal })
  if (!response.ok) throw await apiErrorOf(response)
  return response.text()
}

export function queryString(query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

async function send(method: Method, url: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  // A state-changing call with a cookie must say application/json, also when its body is empty.
  if (method !== 'GET') headers['Content-Type'] = options.contentType ?? 'application/json'
  if (options.ifMatch !== undefined) headers['If-Match'] = `"${options.ifMatch}"`
  const body = options.raw ?? (method === 'GET' ? undefined : JSON.stringify(options.body ?? {}))
  try {
    return await fetch(url, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause
    throw new UnreachableError(`no answer from ${url}`, { cause })
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  if (response.status === 204 || !(response.headers.get('content-type') ?? '').includes('json')) return undefined
  return response.json()
}

async function apiErrorOf(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const details = problemDetails.loose().safeParse(asJson(await response.text()))
  return new ApiError(
    response.status,
    details.success ? details.data : null,
    Number.isFinite(retryAfter) ? retryAfter : null,
  )
}

/** A proxy in between may answer a page of its own: such a body is text, and the error keeps its status. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    return { text, cause }
  }
}
