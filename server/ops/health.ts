/** Liveness and readiness once everything is up, for whoever watches the process; before that server/ops/door.ts answers. */
import { Hono } from 'hono'
import type { Instant } from '../../shared/time/instant.ts'
import type { Db } from '../db/open.ts'
import { readPulse } from '../db/queries/status.ts'

export type HealthDeps = { db: Db; now: () => Instant }

export function healthRoutes({ db, now }: HealthDeps) {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      try {
        const { lagMs, queued, uncertain } = await readPulse(db, now())
        return c.json({ status: 'ready', lagMs, queued, uncertain })
      } catch (error) {
        return c.json({ status: 'database', problem: error instanceof Error ? error.name : 'unknown' }, 503)
      }
    })
}
