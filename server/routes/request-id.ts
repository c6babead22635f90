/** Every request has an id: it stands in the answer, in problems, and on each log line the request causes. One line per request. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { AppEnv } from './deps.ts'

type Log = { info(details: object, message: string): void }

/** Another program's id goes on in our logs if it can stand in a header and a line as it is. */
const SANE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

const underWay = new AsyncLocalStorage<string>()

/** What a logger adds to each of its lines: the request it was written in, if in any. */
export function requestFields(): { requestId?: string } {
  const requestId = underWay.getStore()
  return requestId === undefined ? {} : { requestId }
}

/** The line says the route's pattern, never the address: addresses hold tokens, searches and people. */
export function requestIds(log: Log): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id')
    const requestId = given !== undefined && SANE.test(given) ? given : randomUUID()
    c.set('requestId', requestId)
    const startedAt = performance.now()
    await underWay.run(requestId, async () => {
      await next()
      c.res.headers.set('x-request-id', requestId)
      const ms = Math.round(performance.now() - startedAt)
      log.info({ method: c.req.method, route: routePath(c), status: c.res.status, ms }, 'request')
    })
  }
}
