/** Liveness and readiness once everything is up, for whoever watches the process; before that server/ops/door.ts answers. */
import { Hono } from 'hono'
import type { Alarm } from '../../shared/api/settings.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Db } from '../db/open.ts'
import { readPulse } from '../db/queries/status.ts'

export type HealthDeps = { db: Db; now: () => Instant; alarms(): Promise<Alarm[]> }

/** With one of these nothing that is sent here would be kept. */
const UNREADY: readonly string[] = ['not-writable', 'writer-stuck']

/** `alarms` are codes only: whoever may not sign in learns no names and no numbers of people. */
export function healthRoutes({ db, now, alarms }: HealthDeps) {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      try {
        const { lagMs, queued, uncertain } = await readPulse(db, now())
        const codes = (await alarms()).map(({ code }) => code)
        const unready = codes.find((code) => UNREADY.includes(code))
        const body = { status: unready ?? 'ready', lagMs, queued, uncertain, alarms: codes }
        return c.json(body, unready === undefined ? 200 : 503)
      } catch (error) {
        return c.json({ status: 'database', problem: error instanceof Error ? error.name : 'unknown' }, 503)
      }
    })
}
