/**
 * Totals kept by triggers: the text for PostgreSQL. One row per name would make every transaction that adds a contact wait for the one
 * before it, so each connection adds to one of 64 rows, and `total` is their sum. Once per statement, not per row, where that is possible.
 */
const mailable = (row: string): string =>
  `(${row}.email IS NOT NULL AND ${row}.suppression = 'none' AND coalesce(${row}.consent ->> 'marketing', '') = 'granted')`

/** A statement that adds to a total; `from` is where the numbers come from, grouped by what is in the name. */
export const addTotal = (name: string, n: string, from = ''): string =>
  `INSERT INTO total_part (name, slot, n) SELECT ${name}, pg_backend_pid() & 63, ${n} ${from}
   ON CONFLICT (name, slot) DO UPDATE SET n = total_part.n + excluded.n;`

/** A trigger that runs once per statement, over the rows it wrote. */
export const countedByStatement = (
  name: string,
  when: string,
  transitions: string,
  body: string,
): readonly string[] => [
  `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NULL; END $$`,
  `CREATE TRIGGER ${name} AFTER ${when} REFERENCING ${transitions} FOR EACH STATEMENT EXECUTE FUNCTION ${name}()`,
]

const MESSAGES = `WHERE starts_with(r.metric, 'message:') GROUP BY r.metric ORDER BY r.metric`

export const totalTablesPostgres: readonly string[] = [
  'CREATE TABLE total_part (name TEXT COLLATE "C" NOT NULL, slot INTEGER NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (name, slot))',
  'CREATE VIEW total AS SELECT name, sum(n)::bigint AS n FROM total_part GROUP BY name',
  ...countedByStatement(
    'total_contact_new',
    'INSERT ON contact',
    'NEW TABLE AS fresh',
    `${addTotal("'contacts'", 'count(*)', 'FROM fresh')} ${addTotal("'mailable'", `count(*) FILTER (WHERE ${mailable('r')})`, 'FROM fresh r')}`,
  ),
  ...countedByStatement(
    'total_contact_gone',
    'DELETE ON contact',
    'OLD TABLE AS gone',
    `${addTotal("'contacts'", '-count(*)', 'FROM gone')} ${addTotal("'mailable'", `-count(*) FILTER (WHERE ${mailable('r')})`, 'FROM gone r')}`,
  ),
  `CREATE FUNCTION total_contact_changed() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN ${addTotal("'mailable'", `${mailable('NEW')}::int - ${mailable('OLD')}::int`)} RETURN NULL; END $$`,
  `CREATE TRIGGER total_contact_changed AFTER UPDATE OF email, suppression, consent ON contact
   FOR EACH ROW WHEN (${mailable('NEW')} <> ${mailable('OLD')}) EXECUTE FUNCTION total_contact_changed()`,
  ...countedByStatement(
    'total_message_new',
    'INSERT ON step_stat',
    'NEW TABLE AS fresh',
    addTotal("'messages.' || substr(r.metric, 9)", 'sum(r.n)', `FROM fresh r ${MESSAGES}`),
  ),
  ...countedByStatement(
    'total_message_moved',
    'UPDATE ON step_stat',
    'NEW TABLE AS fresh OLD TABLE AS stale',
    addTotal(
      "'messages.' || substr(r.metric, 9)",
      'sum(r.n)',
      `FROM (SELECT metric, n FROM fresh UNION ALL SELECT metric, -n FROM stale) r ${MESSAGES}`,
    ),
  ),
  'CREATE INDEX message_test ON message (status) WHERE enrollment_id IS NULL',
]
