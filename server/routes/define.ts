/** Shorthands for route definitions, so that each says only what is its own. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { problemDetails } from '../../shared/api/common.ts'
import type { AppEnv } from './deps.ts'
import { onInvalid } from './problem.ts'

/** A router whose validators answer in sentences. */
export const router = () => new OpenAPIHono<AppEnv>({ defaultHook: (result, c) => onInvalid(result, c) })

export const jsonBody = <T extends z.ZodType>(schema: T) =>
  ({ required: true, content: { 'application/json': { schema } } }) as const

const problemContent = { 'application/problem+json': { schema: problemDetails } }
const SENTENCES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'In conflict',
  412: 'Changed in between',
  413: 'Too large',
  422: 'Cannot be done as it is',
  428: 'If-Match is missing',
  429: 'Too many attempts',
}

/** The document shows the content; to the type checker any Response will do, what is in it is checked where it is made. */
type Described = Record<number, { description: string }>
const described = (responses: Described): Described => responses

/** 200 (or another success) with this schema, and the problems this route can answer with. */
export function answers<T extends z.ZodType>(
  schema: T,
  description: string,
  problems: readonly number[] = [400, 401, 403],
  status = 200,
): Described {
  const content = { 'application/json': { schema } }
  const success = { description, content }
  return described({ [status]: success, ...refusals(problems) })
}

/** No content on success. */
export const answersNothing = (description: string, problems: readonly number[] = [401, 403]): Described => ({
  204: { description },
  ...refusals(problems),
})

export const refusals = (problems: readonly number[]): Described =>
  Object.fromEntries(
    problems.map(
      (status) => [status, { description: SENTENCES[status] ?? 'A problem', content: problemContent }] as const,
    ),
  )

export const idParam = <T extends z.ZodType>(id: T) => z.object({ id })
export const noBody = (): Response => new Response(null, { status: 204 })
