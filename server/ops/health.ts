/** Liveness and readiness, for whoever watches the process. */
import { Hono } from 'hono'
import type { Instant } from '../../shared/time/instant.ts'
import type { Db } from '../db/open.ts'
import { readPulse } from '../db/queries/status.ts'

export type HealthDeps = {
  db: Db
  now: () => Instant
  /** What is not up yet, such as `writer`; empty: all of it is. */
  waitingFor: () => readonly string[]
}

export function healthRoutes({ db, now, waitingFor }: HealthDeps) {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const waiting = waitingFor()
      if (waiting.length > 0) return c.json({ status: 'starting', waitingFor: waiting }, 503)
      try {
        const { lagMs, queued, uncertain } = await readPulse(db, now())
        return c.json({ status: 'ready', lagMs, queued, uncertain })
      } catch (error) {
        return c.json({ status: 'database', problem: error instanceof Error ? error.name : 'unknown' }, 503)
      }
    })
}
