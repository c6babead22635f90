// Fills a database of the product with many people waiting, by SQL, in the same shape the product writes: a million are there in a minute.
import Database from 'better-sqlite3'
import { loadSource } from '../../scripts/load-source.mjs'

/** Two thirds of the people are on the plan `pro`, so two activations of three queue an email. */
export const waitingWorkflow = () => ({
  format: 'perennial.workflow/1',
  name: 'Many waiting',
  settings: { reentry: 'once', concurrency: 'one' },
  triggers: [{ id: 't1', kind: 'manual' }],
  start: 'rest',
  steps: [
    { id: 'rest', kind: 'wait', for: 'P1D', next: 'which' },
    {
      id: 'which',
      kind: 'branch',
      paths: [
        { id: 'pro', label: 'Pro', when: { attribute: 'plan', is: 'equals', value: 'pro' }, next: 'offer' },
        { id: 'free', label: 'Free', when: { attribute: 'plan', is: 'equals', value: 'free' }, next: 'long' },
      ],
      otherwise: 'long',
    },
    { id: 'offer', kind: 'send-email', email: 'offer', next: 'long' },
    { id: 'long', kind: 'wait', for: 'P30D', next: 'bye' },
    { id: 'bye', kind: 'exit', reason: 'done' },
  ],
  emails: {
    offer: {
      subject: 'For {{ contact.first_name | default: "you" }}',
      mjml: `<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ contact.first_name | default: "there" }}.
        <a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ sender.postal_address }}</mj-text></mj-column></mj-section></mj-body></mjml>`,
    },
  },
})

const DAY_MS = 86_400_000
const NUMBERS = 'WITH RECURSIVE numbers (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM numbers WHERE n < @to)'
const CHUNK = 100_000

/**
 * @param {{ path: string, workflowId: number, contacts: number, batch: number, dueAt: readonly number[], now: number }} options
 *   `dueAt`: so many batches of `batch` people come due at these instants; all others in 20 days
 */
export async function seedWaiting({ path, workflowId, contacts, batch, dueAt, now }) {
  const database = await openForSeed(path)
  const rest = database
    .prepare("SELECT no FROM workflow_step WHERE workflow_id = ? AND step_id = 'rest'")
    .pluck()
    .get(workflowId)
  const enteredAt = now - DAY_MS
  // Spread over the ids, as it is in life: due people sit on pages all over the file.
  database.function('due_at', (id) => {
    const turn = (Number(id) * 7_919) % contacts
    return dueAt[Math.floor(turn / batch)] ?? now + 20 * DAY_MS + (Number(id) % 86_400) * 1_000
  })
  const values = { workflowId, rest: Number(rest), enteredAt }
  const rebuild = withoutIndexes(database, ['contact', 'contact_identity', 'enrollment', 'enrollment_log'])
  inChunks(database, 1, contacts, values, [
    `${NUMBERS} INSERT INTO contact (id, part, email, external_id, name_folded, email_folded, timezone, locale, attributes, tags, consent,
       suppression, created_at, updated_at)
     SELECT n, part_of(n), 'person' || n || '@people.example', NULL, 'person ' || n, 'person' || n || '@people.example', 'Europe/Berlin',
       'en', attributes_of(n), '["newsletter"]', '{"marketing":"granted"}', 'none', @enteredAt, @enteredAt FROM numbers`,
    `${NUMBERS} INSERT INTO enrollment (part, contact_id, workflow_id, version, entry_no, slot, step_no, status, is_waiting, due_at,
       arrived_at, entered_at, seq)
     SELECT part_of(n), n, @workflowId, 1, 1, '', @rest, 'active', 1, due_at(n), @enteredAt, @enteredAt, 1 FROM numbers`,
  ])
  database.exec(
    `INSERT INTO contact_identity (kind, value, part, contact_id)
     SELECT 'email', email_folded, part, id FROM contact ORDER BY email_folded`,
  )
  database
    .prepare(
      `INSERT INTO enrollment_log (part, contact_id, enrollment_id, seq, at, input, path, messages)
       SELECT part, contact_id, id, 1, @enteredAt, 'timer', '[{"step":' || @rest || ',"at":' || @enteredAt ||
         ',"outcome":"arrived","why":"waits","until":' || due_at || '}]', 0 FROM enrollment ORDER BY part, contact_id, id`,
    )
    .run({ rest: BigInt(Number(rest)), enteredAt: BigInt(enteredAt) })
  rebuild()
  const hour = Math.floor(enteredAt / 3_600_000) * 3_600_000
  const stat = database.prepare(
    'INSERT INTO step_stat (workflow_id, version, step_no, hour, metric, worker, n) VALUES (?, 1, ?, ?, ?, 0, ?)',
  )
  for (const no of [0, rest]) stat.run(workflowId, no, hour, 'entered', contacts)
  database.exec('ANALYZE')
  database.close()
}

/**
 * A past for everybody in the database: events, sent messages, opens; what the pages of one person and the log of messages read.
 *
 * @param {{ path: string, workflowId: number, contacts: number, messagesEach: number, now: number }} options
 */
export async function seedPast({ path, workflowId, contacts, messagesEach, now }) {
  const database = await openForSeed(path)
  const values = { workflowId, contacts, since: now - DAY_MS }
  const who = '((n * 7919) % @contacts) + 1'
  const at = '@since + (n % 80000)'
  const rebuild = withoutIndexes(database, ['event', 'message', 'message_event'])
  inChunks(database, 0, contacts * messagesEach - 1, values, [
    `${NUMBERS} INSERT INTO event (part, contact_id, name, properties, occurred_at, recorded_at)
     SELECT part_of(${who}), ${who}, 'Order placed', '{"total":42}', ${at}, ${at} FROM numbers WHERE @workflowId > 0`,
    `${NUMBERS} INSERT INTO message (part, contact_id, enrollment_id, seq, k, workflow_id, version, step_no, email_key, account_id, lane,
       status, attempt, not_before, expires_at, created_at, finished_at, recipient)
     SELECT part_of(${who}), ${who}, ${who}, 100 + n / @contacts, 0, @workflowId, 1, 3, 'offer', 1, 1, 'sent', 1, ${at},
       ${at} + 1000000000, ${at}, ${at}, 'person' || (${who}) || '@people.example' FROM numbers`,
  ])
  database.exec(
    `INSERT INTO message_event (part, contact_id, message_id, enrollment_id, email_key, kind, machine, at)
     SELECT part, contact_id, id, enrollment_id, 'offer', 'opened', 0, created_at + 1000 FROM message WHERE id % 3 = 1`,
  )
  rebuild()
  database.exec('ANALYZE')
  database.close()
}

async function openForSeed(/** @type {string} */ path) {
  const { partOf } = await loadSource('shared/ids.ts')
  const database = new Database(path)
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -262144')
  database.function('part_of', { deterministic: true }, (id) => partOf(id))
  database.function('attributes_of', { deterministic: true }, (id) => attributesOf(Number(id)))
  return database
}

/** Written row by row they would take longest; made anew from all the rows they take seconds. @returns makes them again */
function withoutIndexes(/** @type {import('better-sqlite3').Database} */ database, /** @type {string[]} */ tables) {
  const indexes = /** @type {{ name: string, sql: string }[]} */ (
    database
      .prepare(
        `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
         AND tbl_name IN (${tables.map(() => '?').join(', ')})`,
      )
      .all(...tables)
  )
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`)
  return () => {
    for (const { sql } of indexes) database.exec(sql)
  }
}

/**
 * @param {import('better-sqlite3').Database} database
 * @param {Record<string, number>} values whole numbers: as a double, a division would not stay whole
 * @param {string[]} texts each reads `numbers`
 */
function inChunks(database, /** @type {number} */ first, /** @type {number} */ last, values, texts) {
  const statements = texts.map((text) => database.prepare(text))
  const bound = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, BigInt(value)]))
  const chunk = database.transaction((/** @type {number} */ from, /** @type {number} */ to) => {
    for (const statement of statements) statement.run({ ...bound, from: BigInt(from), to: BigInt(to) })
  })
  for (let from = first; from <= last; from += CHUNK) {
    chunk(from, Math.min(from + CHUNK - 1, last))
    database.pragma('wal_checkpoint(TRUNCATE)')
  }
}

/** Twelve attributes, about 300 bytes of JSON. */
function attributesOf(/** @type {number} */ id) {
  return JSON.stringify({
    first_name: `Person ${id}`,
    last_name: `Number${id % 1_000}`,
    plan: id % 3 === 0 ? 'free' : 'pro',
    company: `Company ${id % 5_000} Limited`,
    city: ['Berlin', 'Hanoi', 'Taipei', 'Lyon'][id % 4],
    country: ['DE', 'VN', 'TW', 'FR'][id % 4],
    orders: id % 17,
    spent: (id * 37) % 100_000,
    renewal_on: `2027-${String(1 + (id % 12)).padStart(2, '0')}-15`,
    source: 'import',
    industry: ['retail', 'software', 'food'][id % 3],
    newsletter: id % 2 === 0,
  })
}
