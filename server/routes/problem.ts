/** Errors as `application/problem+json` (RFC 9457), in sentences that name the value found and what is expected. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ZodError, z } from 'zod'
import type { ProblemDetails } from '../../shared/api/common.ts'
import { RequestError } from '../../shared/errors.ts'
import type { AppEnv } from './deps.ts'

type Listed = NonNullable<ProblemDetails['problems']>

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'In conflict with what is there',
  412: 'Changed in between',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'The request cannot be done as it is',
  428: 'A condition is required',
  429: 'Too many attempts',
  500: 'Something went wrong on our side',
  503: 'Not ready',
}

export function problem(
  c: Context<AppEnv>,
  status: number,
  type: string,
  detail: string,
  extra: { problems?: Listed; headers?: Record<string, string>; [member: string]: unknown } = {},
): Response {
  const { headers, problems, ...members } = extra
  const body: ProblemDetails & Record<string, unknown> = {
    ...members,
    type: `urn:perennial:${type}`,
    title: TITLES[status] ?? 'The request failed',
    status,
    detail,
    instance: c.req.path.slice(0, 500),
    ...(c.get('requestId') === undefined ? {} : { requestId: c.get('requestId') }),
    ...(problems === undefined ? {} : { problems }),
  }
  return new Response(c.req.method === 'HEAD' ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}

/** The one place where an error becomes an answer. What nobody expected is logged with its cause and says nothing of the inside. */
export function answerError(error: unknown, c: Context<AppEnv>, log: (error: unknown) => void): Response {
  const known = requestErrorOf(error)
  if (known !== null) {
    const { problems, retryAfter, ...details } = known.details
    return problem(c, known.status, known.name, known.message, {
      ...details,
      ...(Array.isArray(problems) ? { problems: problems as Listed } : {}),
      ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }),
    })
  }
  if (error instanceof HTTPException && error.status < 500)
    return problem(c, error.status, error.status === 415 ? 'media-type' : 'bad-request', sentenceOf(error, c))
  if (isHangUp(error))
    return problem(
      c,
      400,
      'incomplete',
      'The body ended before it was complete; expected all of it without a long pause.',
    )
  log(error)
  return problem(c, 500, 'internal', 'The server could not finish this. It was logged; please try again.')
}

/** Whoever went away in the middle of a body (or was sent away for taking too long) is no failure of ours. */
const isHangUp = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'AbortError' || ('code' in error && HANG_UPS.has(String(error.code))) || isHangUp(error.cause))
const HANG_UPS = new Set([
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_CHUNK_SIZE',
  'HPE_CHUNK_EXTENSIONS_OVERFLOW',
])

/** Errors of commands cross threads by shape: the class does not survive the copy. */
function requestErrorOf(error: unknown): RequestError | null {
  if (error instanceof RequestError) return error
  if (!(error instanceof Error) || !('status' in error) || !('details' in error)) return null
  const { status, details } = error
  if (typeof status !== 'number' || status < 400 || status > 499) return null
  return new RequestError(error.name, status, error.message, details as Record<string, unknown>)
}

function sentenceOf(error: HTTPException, c: Context<AppEnv>): string {
  // Of JSON that is none, the guard has told before: this body is empty.
  if (error.message.startsWith('Malformed JSON')) return 'The body is empty; expected a JSON object.'
  if (error.status !== 415) return `The request cannot be read${error.message === '' ? '' : `: ${error.message}`}.`
  const found = c.req.header('content-type')
  return `The body is ${found === undefined ? 'without content-type' : JSON.stringify(found.slice(0, 100))}; expected application/json.`
}

/** What validators do with what does not fit: parameters of the path name nothing (404), the rest is explained. */
export function onInvalid(
  result: { success: boolean; error?: unknown; target: string; data?: unknown },
  c: Context<AppEnv>,
): Response | undefined {
  if (result.success) return undefined
  const error = result.error as ZodError
  if (result.target === 'param') return problem(c, 404, 'not-found', `There is nothing at ${c.req.path.slice(0, 300)}.`)
  const problems = problemsOf(error.issues, result.data)
  const status = result.target === 'json' || result.target === 'form' ? 422 : 400
  const detail = problems[0]?.message ?? 'The request does not fit.'
  return problem(c, status, result.target === 'query' ? 'bad-query' : 'invalid', detail, { problems })
}

/** Say of each issue where it is, what was found and what is expected. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], input: unknown): Listed {
  return issues.slice(0, 100).flatMap((issue) => {
    const path = issue.path.map(String)
    const at = path.length === 0 ? 'The body' : `\`${path.map(inShort).join('.').slice(0, 200)}\``
    const value = valueAt(input, issue.path)
    const found = path.some((key) => SECRET.test(key)) ? lengthOf(value) : shown(value)
    return [{ code: issue.code, path: path.join('/'), message: `${at} is ${found}; expected ${expectedOf(issue)}.` }]
  })
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'nonoptional') return 'a value'
      return issue.expected === 'int'
        ? 'a whole number'
        : `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'unrecognized_keys':
      return `nothing called ${issue.keys
        .slice(0, 5)
        .map((key) => JSON.stringify(key.slice(0, 60)))
        .join(', ')}`
    case 'invalid_format':
      return issue.message.startsWith('expected ') ? issue.message.slice(9) : 'the right form'
    case 'invalid_union':
      return unionOf(issue)
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_key':
    case 'invalid_element':
      return 'keys and elements of the right form'
    case 'custom':
      return issue.message.startsWith('expected ') ? issue.message.slice(9) : 'something else'
  }
}

const unitOf = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' || origin === 'set' ? ' entries' : ''

function unionOf(issue: z.core.$ZodIssueInvalidUnion): string {
  const ways = issue.errors.map((errors) => errors.map((inner) => inner.path.join('.') || inner.message).join(' and '))
  return `one of its ${issue.errors.length || 'known'} forms (${ways.slice(0, 4).join('; or ').slice(0, 200)})`
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

/** Answers are kept by browsers, proxies and logs of others: what is secret is not repeated in them. */
const SECRET = /password|secret|token/i
const lengthOf = (value: unknown): string =>
  typeof value === 'string' ? `a text of ${value.length} characters` : value === undefined ? 'missing' : 'no text'

const inShort = (key: string): string => (key.length > 60 ? `${key.slice(0, 60)}…` : key)

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'string' && value.length > 80) return `a text of ${value.length} characters`
  return JSON.stringify(value) ?? String(value)
}
