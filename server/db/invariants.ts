/** What must hold after every crash and every story (ENGINE.md 10): each statement counts violations. */
import { sql } from 'kysely'
import type { Db } from './open.ts'

const INVARIANTS: Readonly<Record<string, string>> = {
  'I1 nobody is alive whom nothing will ever wake': `SELECT count(*) AS n FROM enrollment WHERE status = 'active' AND due_at IS NULL`,
  'I2 the log of an enrollment is as long as its seq, without a gap': `SELECT count(*) AS n FROM enrollment e LEFT JOIN
     (SELECT enrollment_id, count(*) AS rows_, max(seq) AS last, min(seq) AS first FROM enrollment_log GROUP BY enrollment_id) l
     ON l.enrollment_id = e.id
     WHERE coalesce(l.rows_, 0) <> e.seq OR coalesce(l.last, 0) <> e.seq OR coalesce(l.first, 1) <> 1`,
  'I3 every message has the activation that caused it': `SELECT count(*) AS n FROM message m LEFT JOIN enrollment_log l
     ON l.part = m.part AND l.contact_id = m.contact_id AND l.enrollment_id = m.enrollment_id AND l.seq = m.seq
     WHERE m.enrollment_id IS NOT NULL AND l.seq IS NULL`,
  'I3 no cause has two messages': `SELECT count(*) AS n FROM (SELECT 1 FROM message WHERE enrollment_id IS NOT NULL
     GROUP BY enrollment_id, seq, k HAVING count(*) > 1)`,
  'I3 every activation has all its messages': `SELECT count(*) AS n FROM enrollment_log l WHERE l.messages <> (SELECT count(*)
     FROM message m WHERE m.part = l.part AND m.enrollment_id = l.enrollment_id AND m.seq = l.seq)`,
  'I4 a lease belongs to a message that is being sent': `SELECT count(*) AS n FROM message
     WHERE (lease IS NOT NULL) <> (status = 'sending')`,
  'I5 nothing is accepted twice': `SELECT count(*) AS n FROM (SELECT 1 FROM attempt WHERE stage = 'dot' AND code BETWEEN 200 AND 299
     GROUP BY message_id HAVING count(*) > 1)`,
  'I5 nothing is sent without a mark': `SELECT count(*) AS n FROM message WHERE status = 'sent' AND dot_at IS NULL`,
  'I5 what may have left before is reported': `SELECT count(*) AS n FROM message m WHERE m.attempt > 1 AND m.doubts = 0
     AND m.status <> 'uncertain' AND EXISTS (SELECT 1 FROM attempt a WHERE a.message_id = m.id AND a.stage = 'dot' AND a.code IS NULL
       AND a.n < (SELECT max(n) FROM attempt b WHERE b.message_id = m.id))`,
  'I5 what may have arrived is never called unsent': `SELECT count(*) AS n FROM message
     WHERE doubts > 0 AND status IN ('failed', 'skipped') AND reason <> 'dropped'`,
  'I6 one live enrollment per contact and slot': `SELECT count(*) AS n FROM (SELECT 1 FROM enrollment
     WHERE status IN ('active', 'paused') AND slot IS NOT NULL GROUP BY workflow_id, contact_id, slot HAVING count(*) > 1)`,
  'I7 entered = waiting + passed + exited at every step': `SELECT count(*) AS n FROM (SELECT workflow_id, version, step_no,
       sum(CASE WHEN metric = 'entered' THEN n ELSE 0 END)
       - sum(CASE WHEN metric = 'passed' OR metric LIKE 'exited:%' THEN n ELSE 0 END) AS inside
     FROM step_stat WHERE step_no > 0 GROUP BY workflow_id, version, step_no) s
     WHERE s.inside <> (SELECT count(*) FROM enrollment e WHERE e.workflow_id = s.workflow_id AND e.version = s.version
       AND e.step_no = s.step_no AND e.status IN ('active', 'paused'))`,
  'I7 the same in every hour of arrival': `SELECT count(*) AS n FROM (SELECT workflow_id, version, step_no, hour,
       sum(CASE WHEN metric = 'entered' THEN n ELSE 0 END)
       - sum(CASE WHEN metric = 'passed' OR metric LIKE 'exited:%' THEN n ELSE 0 END) AS inside
     FROM step_stat WHERE step_no > 0 GROUP BY workflow_id, version, step_no, hour) s
     WHERE s.inside <> (SELECT count(*) FROM enrollment e WHERE e.workflow_id = s.workflow_id AND e.version = s.version
       AND e.step_no = s.step_no AND e.status IN ('active', 'paused') AND e.arrived_at / 3600000 * 3600000 = s.hour)`,
  'I7 entered the workflow = enrollments': `SELECT count(*) AS n FROM (SELECT workflow_id, version, count(*) AS rows_ FROM enrollment
     GROUP BY workflow_id, version) e WHERE e.rows_ <> (SELECT coalesce(sum(n), 0) FROM step_stat s
       WHERE s.workflow_id = e.workflow_id AND s.version = e.version AND s.step_no = 0 AND s.metric = 'entered')`,
  'I7 the counters of messages are the messages': `SELECT count(*) AS n FROM (
       SELECT workflow_id, version, step_no, arrived_hour AS hour, 'message:' || status AS metric, count(*) AS n FROM message
       WHERE enrollment_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5) m
     FULL JOIN (SELECT workflow_id, version, step_no, hour, metric, sum(n) AS n FROM step_stat WHERE metric LIKE 'message:%'
       GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0) s USING (workflow_id, version, step_no, hour, metric)
     WHERE coalesce(m.n, 0) <> coalesce(s.n, 0)`,
  'I7 the totals are the rows': `SELECT count(*) AS n FROM (
       SELECT 'contacts' AS name, count(*) AS n FROM contact
       UNION ALL SELECT 'mailable', count(*) FROM contact WHERE email IS NOT NULL AND suppression = 'none'
         AND consent ->> 'marketing' = 'granted'
       UNION ALL SELECT 'messages.' || status, count(*) FROM message WHERE enrollment_id IS NOT NULL GROUP BY status
       UNION ALL SELECT 'inside.' || workflow_id, count(*) FROM enrollment WHERE status IN ('active', 'paused') GROUP BY workflow_id) r
     FULL JOIN total t USING (name) WHERE coalesce(r.n, 0) <> coalesce(t.n, 0)`,
  'I9 who is paused knows what remained, and only they': `SELECT count(*) AS n FROM enrollment
     WHERE (status = 'paused') <> (remaining_ms IS NOT NULL) OR (status = 'active') <> (due_at IS NOT NULL)
       OR (status = 'paused' AND pause_id IS NULL)`,
  'I9 nobody is left frozen': `SELECT count(*) AS n FROM enrollment e WHERE e.status = 'paused'
     AND NOT EXISTS (SELECT 1 FROM workflow w WHERE w.id = e.workflow_id AND w.status = 'paused')
     AND NOT EXISTS (SELECT 1 FROM job j WHERE j.workflow_id = e.workflow_id AND j.status = 'running'
       AND j.kind IN ('resume-workflow', 'empty-workflow'))`,
  'I9 nobody in a paused workflow is awake': `SELECT count(*) AS n FROM enrollment e WHERE e.status = 'active'
     AND EXISTS (SELECT 1 FROM workflow w WHERE w.id = e.workflow_id AND w.status = 'paused')
     AND NOT EXISTS (SELECT 1 FROM job j WHERE j.workflow_id = e.workflow_id AND j.status = 'running' AND j.kind = 'pause-workflow')`,
  'I9 mail is held only where a pause or a job holds it': `SELECT count(*) AS n FROM message m
     WHERE m.held_from IS NOT NULL AND m.status IN ('queued', 'deferred')
       AND NOT EXISTS (SELECT 1 FROM workflow w WHERE w.id = m.workflow_id AND w.status = 'paused')
       AND NOT EXISTS (SELECT 1 FROM job j WHERE j.workflow_id = m.workflow_id AND j.status = 'running'
         AND j.kind IN ('resume-workflow', 'empty-workflow'))`,
  'I8 every version that is used exists': `SELECT count(*) AS n FROM enrollment e WHERE NOT EXISTS (SELECT 1 FROM workflow_version v
     WHERE v.workflow_id = e.workflow_id AND v.version = e.version)`,
}

/** A sentence for each invariant that does not hold; none: all is well. */
export async function brokenInvariants(db: Db): Promise<string[]> {
  const broken: string[] = []
  for (const [rule, text] of Object.entries(INVARIANTS)) {
    const { rows } = await sql.raw<{ n: number }>(text).execute(db.sql)
    const n = rows[0]?.n ?? 0
    if (n !== 0) broken.push(`${rule}: broken ${n} times`)
  }
  return broken
}
