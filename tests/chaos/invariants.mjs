// What must hold in the database after any crash: each statement counts violations (ENGINE.md 10, in our tables' names).

/** @type {Readonly<Record<string, string>>} */
export const INVARIANTS = {
  'somebody is alive whom nothing will ever wake':
    "SELECT count(*) AS n FROM enrollment WHERE status = 'active' AND due_at IS NULL",
  'an enrollment whose log has a gap, or is not as long as its seq': `SELECT count(*) AS n FROM enrollment e
     LEFT JOIN (SELECT enrollment_id, count(*) AS entries, max(seq) AS last FROM enrollment_log GROUP BY enrollment_id) l
       ON l.enrollment_id = e.id
     WHERE coalesce(l.entries, 0) <> e.seq OR coalesce(l.last, 0) <> e.seq`,
  'a message without the activation that caused it': `SELECT count(*) AS n FROM message m
     LEFT JOIN enrollment_log l ON l.part = m.part AND l.contact_id = m.contact_id
       AND l.enrollment_id = m.enrollment_id AND l.seq = m.seq
     WHERE m.enrollment_id IS NOT NULL AND l.seq IS NULL`,
  'two messages of one cause': `SELECT count(*) AS n FROM (SELECT 1 FROM message WHERE enrollment_id IS NOT NULL
     GROUP BY enrollment_id, seq, k HAVING count(*) > 1)`,
  'an activation whose messages are not all there': `SELECT count(*) AS n FROM enrollment_log l
     LEFT JOIN (SELECT enrollment_id, seq, count(*) AS rows_ FROM message WHERE enrollment_id IS NOT NULL
       GROUP BY enrollment_id, seq) m ON m.enrollment_id = l.enrollment_id AND m.seq = l.seq
     WHERE l.messages <> coalesce(m.rows_, 0)`,
  'a message leased by nobody any more': "SELECT count(*) AS n FROM message WHERE status = 'sending'",
  'a message accepted more than once': `SELECT count(*) AS n FROM (SELECT 1 FROM attempt WHERE code BETWEEN 200 AND 299
     AND stage = 'dot' GROUP BY message_id HAVING count(*) > 1)`,
  'a message sent although no dot was marked':
    "SELECT count(*) AS n FROM message WHERE status = 'sent' AND dot_at IS NULL",
  'a contact twice alive in one workflow': `SELECT count(*) AS n FROM (SELECT 1 FROM enrollment
     WHERE status IN ('active', 'paused') GROUP BY workflow_id, contact_id HAVING count(*) > 1)`,
  'an enrollment of a version that does not exist': `SELECT count(*) AS n FROM enrollment e
     LEFT JOIN workflow_version v ON v.workflow_id = e.workflow_id AND v.version = e.version WHERE v.version IS NULL`,
  'a counter of messages that is not the number of messages': `SELECT count(*) AS n FROM (
     SELECT m.workflow_id, m.step_no, m.status, count(*) AS rows_ FROM message m WHERE m.enrollment_id IS NOT NULL
       GROUP BY m.workflow_id, m.step_no, m.status) real
     LEFT JOIN (SELECT workflow_id, step_no, metric, sum(n) AS counted FROM step_stat
       GROUP BY workflow_id, step_no, metric) s
       ON s.workflow_id = real.workflow_id AND s.step_no = real.step_no AND s.metric = 'message:' || real.status
     WHERE coalesce(s.counted, 0) <> real.rows_`,
  'a counter of entries that is not the number of enrollments': `SELECT count(*) AS n FROM (
     SELECT workflow_id, count(*) AS rows_ FROM enrollment GROUP BY workflow_id) real
     LEFT JOIN (SELECT workflow_id, sum(n) AS counted FROM step_stat WHERE step_no = 0 AND metric = 'entered'
       GROUP BY workflow_id) s ON s.workflow_id = real.workflow_id
     WHERE coalesce(s.counted, 0) <> real.rows_`,
  'a step where entered is not waiting + passed + exited': `SELECT count(*) AS n FROM (
     SELECT s.workflow_id, s.step_no,
       sum(CASE WHEN metric = 'entered' THEN s.n ELSE 0 END) AS entered,
       sum(CASE WHEN metric = 'passed' OR metric LIKE 'exited:%' THEN s.n ELSE 0 END) AS gone
     FROM step_stat s WHERE s.step_no > 0 GROUP BY s.workflow_id, s.step_no) c
     WHERE c.entered <> c.gone + (SELECT count(*) FROM enrollment e WHERE e.workflow_id = c.workflow_id
       AND e.step_no = c.step_no AND e.status IN ('active', 'paused'))`,
}

/**
 * @param {{ prepare(sql: string): { get(): unknown } }} database opened with better-sqlite3
 * @returns {string[]} a sentence for each invariant that does not hold
 */
export function brokenInvariants(database) {
  return Object.entries(INVARIANTS).flatMap(([what, sql]) => {
    const { n } = /** @type {{ n: number }} */ (database.prepare(sql).get())
    return n === 0 ? [] : [`${n} times: ${what}`]
  })
}
